import { createGraphClient, createTokenCache, type GraphCredential } from '../../src/graph/index.ts'

export const tenantId = '9f5a1c2e-7b44-4c0d-8a0e-3f6d1b2c4a5e'
export const clientId = '2d4d3d8e-2be3-4bef-9f87-7875a61c29de'
export const graphUrl = 'https://graph.microsoft.com'
export const loginUrl = 'https://login.microsoftonline.com'
export const tokenUrl = `${loginUrl}/${tenantId}/oauth2/v2.0/token`
export const startMs = Date.UTC(2026, 10, 24, 9)

export const ids = {
  ann: '11111111-1111-4111-8111-111111111111',
  bob: '22222222-2222-4222-8222-222222222222',
  cleo: '33333333-3333-4333-8333-333333333333',
  sales: '44444444-4444-4444-8444-444444444444',
}

export const secretCredential: GraphCredential = {
  cacheKey: 'org_1 con_1 1',
  tenantId,
  clientId,
  proof: { kind: 'secret', secret: 's3cr3t' },
}

export type Sent = {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string
}

type Answer = Response | Error | ((sent: Sent) => Response)

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

export function graphError(status: number, code: string, headers: Record<string, string> = {}) {
  return json({ error: { code, message: 'In words.' } }, status, headers)
}

/** Graph and Entra with answers that the test lays out, in the order in which they are given. */
export function openStub(answers: readonly Answer[] = [], credential = secretCredential) {
  const left = [...answers]
  const sent: Sent[] = []
  const clock = { ms: startMs }
  const tokens = createTokenCache()
  let issued = 0
  const world = {
    clock: { nowMs: () => clock.ms },
    random: (length: number) => new Uint8Array(length).fill(128),
    graphUrl,
    loginUrl,
    tokens,
    fetch: async (url: string, init: RequestInit) => {
      const one: Sent = {
        url,
        method: init.method ?? 'GET',
        headers: new Headers(init.headers),
        body: typeof init.body === 'string' ? init.body : '',
      }
      sent.push(one)
      if (url === tokenUrl && !(left[0] instanceof Response && left[0].headers.has('x-token'))) {
        issued++
        return json({ token_type: 'Bearer', expires_in: 3599, access_token: `token-${issued}` })
      }
      const next = left.shift()
      if (next === undefined) throw new Error(`unexpected ${one.method} ${url}`)
      if (next instanceof Error) throw next
      return typeof next === 'function' ? next(one) : next
    },
  }
  const client = createGraphClient(world, credential)
  return { client, sent, clock, world, tokens, graphCalls: () => sent.filter(isGraph) }
}

function isGraph({ url }: Sent): boolean {
  return url.startsWith(graphUrl)
}

/** An answer of the token endpoint in place of a token. */
export function tokenAnswer(body: unknown, status: number, headers: Record<string, string> = {}) {
  return json(body, status, { ...headers, 'x-token': '1' })
}
