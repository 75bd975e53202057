/** A tenant with an application that may call Graph, and a reader with its token. */
import { appId, baseUrl, registerApp, startSimulator, tenantId } from './simulator.ts'

export const secret = 'graph-secret'
export const tokenPath = `/${tenantId}/oauth2/v2.0/token`
export const everything = ['User.Read.All', 'Application.Read.All', 'GroupMember.Read.All']

export type GraphJson = Record<string, unknown> & {
  readonly value: readonly Record<string, unknown>[]
  readonly error: { readonly code: string; readonly message: string }
}

export type GraphReply = {
  readonly status: number
  readonly headers: Headers
  readonly json: GraphJson
}

type TokenJson = {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly error: string
  readonly error_codes: readonly number[]
}

export type GraphWorld = Awaited<ReturnType<typeof startGraph>>

export async function startGraph(
  permissions: readonly string[] = everything,
  app: Record<string, unknown> = {},
) {
  const simulator = startSimulator()
  await registerApp(simulator, app)
  const call = async (method: string, path: string, body?: unknown) => {
    const { status, json } = await simulator.api(method, path, body)
    if (status > 299) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`)
    return json
  }
  const registration = `/apps/${appId}/registration`
  await call('PATCH', registration, { permissions, secrets: [{ secret }] })
  const token = async (fields: Record<string, string> = {}, path = tokenPath) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: secret,
      scope: 'https://graph.microsoft.com/.default',
      ...fields,
    }
    const body = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== ''))
    const response = await simulator.request(path, { method: 'POST', body })
    const json = (await response.json()) as TokenJson
    return { status: response.status, headers: response.headers, json }
  }
  let bearer = (await token()).json.access_token
  const send = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${bearer}`)
    return simulator.request(path.replace(baseUrl, ''), { ...init, headers })
  }
  const get = async (path: string, headers: Record<string, string> = {}): Promise<GraphReply> =>
    reply(await send(path.startsWith('http') ? path : `/v1.0${path}`, { headers }))
  const post = async (path: string, body: unknown): Promise<GraphReply> => {
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return reply(await send(`/v1.0${path}`, init))
  }
  /** Follows nextLinks to the deltaLink. */
  const round = async (first: string, headers: Record<string, string> = {}) => {
    const objects: Record<string, unknown>[] = []
    let pages = 0
    for (let link = first; ; ) {
      const { status, json } = await get(link, headers)
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(json)}`)
      pages += 1
      objects.push(...json.value)
      if (typeof json['@odata.deltaLink'] === 'string') {
        return { objects, pages, deltaLink: json['@odata.deltaLink'] }
      }
      link = String(json['@odata.nextLink'])
    }
  }
  return {
    simulator,
    call,
    registration,
    token,
    send,
    get,
    post,
    round,
    renew: async () => {
      bearer = (await token()).json.access_token
    },
    set: (settings: Record<string, unknown>) => call('PATCH', '/graph', settings),
    fault: (fault: Record<string, unknown>) => call('POST', '/graph/faults', fault),
  }
}

async function reply(response: Response): Promise<GraphReply> {
  const json = (await response.json()) as GraphJson
  return { status: response.status, headers: response.headers, json }
}
