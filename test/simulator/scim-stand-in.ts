/** A SCIM server in memory, as strict as a test needs: it keeps what it is sent, and answers wrongly on demand. */
export const scimUrl = 'http://localhost:8787/scim/v2'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

export type Recorded = {
  readonly method: string
  /** Below the SCIM endpoint, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Whatever was sent; tests look into it as they like. */
  readonly body: Json
}

export type Json = { [name: string]: Json & string & number & boolean & Json[] }
type Stored = Record<string, unknown>

export type Fault = (request: Recorded) => Response | Error | null

export type StandIn = ReturnType<typeof startStandIn>

export function scimJson(status: number, body: unknown, type = 'application/scim+json'): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })
}

export function scimError(status: number, detail: string): Response {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error']
  return scimJson(status, { schemas, status: String(status), detail })
}

export function startStandIn() {
  const requests: Recorded[] = []
  const stores = { Users: new Map<string, Stored>(), Groups: new Map<string, Stored>() }
  const faults: Fault[] = []
  let last = 0

  function answer(request: Recorded): Response {
    const [, kind = '', id] = request.path.split('/')
    const store = stores[kind as keyof typeof stores]
    if (store === undefined) return scimError(404, 'There is nothing here.')
    if (request.method === 'POST') {
      last += 1
      const made = {
        ...structuredClone(request.body),
        id: `${kind === 'Users' ? 'usr' : 'grp'}_${last}`,
      }
      store.set(made.id, withManagerObject(made))
      return scimJson(201, store.get(made.id))
    }
    if (id === undefined) return list([...store.values()], request)
    const found = store.get(id)
    if (found === undefined) return scimError(404, `There is no ${id}.`)
    if (request.method === 'GET') return scimJson(200, shown(found, request))
    if (request.method === 'DELETE') store.delete(id)
    else
      for (const operation of request.body['Operations'] as unknown as Stored[])
        apply(found, operation)
    return new Response(null, { status: 204 })
  }

  return {
    requests,
    users: stores.Users,
    groups: stores.Groups,
    /** Answers that come before the right one; the first that is not null counts. */
    faults,
    fetch: async (url: string, init?: RequestInit): Promise<Response> => {
      const { pathname, searchParams } = new URL(url)
      const body = typeof init?.body === 'string' ? init.body : ''
      const request: Recorded = {
        method: init?.method ?? 'GET',
        path: pathname.replace('/scim/v2', ''),
        query: Object.fromEntries(searchParams),
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: body.startsWith('{')
          ? JSON.parse(body)
          : Object.fromEntries(new URLSearchParams(body)),
      }
      requests.push(request)
      for (const fault of faults) {
        const wrong = fault(request)
        if (wrong instanceof Error) throw wrong
        if (wrong !== null) return wrong
      }
      return answer(request)
    },
    /** What was requested since the last time, in short. */
    taken: () =>
      requests
        .splice(0)
        .map(({ method, path, query }) =>
          [method, path, query['filter']].filter((part) => part !== undefined).join(' '),
        ),
    /** The operations of the PATCH requests since the last time. */
    operations: () =>
      requests
        .splice(0)
        .flatMap(({ method, body }) => (method === 'PATCH' ? body['Operations'] : [])),
    user: (userName: string): Stored => {
      const found = [...stores.Users.values()].find((user) => user['userName'] === userName)
      if (found === undefined) throw new Error(`${userName} is not there`)
      return found
    },
    group: (displayName: string): Stored => {
      const found = [...stores.Groups.values()].find((one) => one['displayName'] === displayName)
      if (found === undefined) throw new Error(`${displayName} is not there`)
      return found
    },
  }
}

function list(stored: readonly Stored[], request: Recorded): Response {
  const both = /^id eq "([^"]*)" and (.*)$/.exec(request.query['filter'] ?? '')
  if (both !== null) {
    const [, id, filter = ''] = both
    const one = stored.filter((each) => each['id'] === id)
    return list(one, { ...request, query: { filter } })
  }
  const all = stored
  const [, attribute = '', value = ''] =
    /^(.+) eq "([^"]*)"$/.exec(request.query['filter'] ?? '') ?? []
  const name = attribute === 'emails[type eq "work"].value' ? 'mail' : attribute
  const read = (one: Stored) =>
    name === 'mail'
      ? (one['emails'] as Stored[] | undefined)?.[0]?.['value']
      : name === 'manager'
        ? ((one[enterprise] as Stored | undefined)?.['manager'] as Stored | undefined)?.['value']
        : one[name]
  const found = all.filter((one) => String(read(one)).toLowerCase() === value.toLowerCase())
  return scimJson(200, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.length,
    startIndex: 1,
    itemsPerPage: found.length,
    Resources: found.map((one) => shown(one, request)),
  })
}

function shown(found: Stored, { query }: Recorded): Stored {
  if (query['excludedAttributes'] !== 'members') return found
  const { members: _, ...rest } = found
  return rest
}

function withManagerObject(user: Stored): Stored {
  const extension = user[enterprise] as Stored | undefined
  const manager = extension?.['manager']
  if (extension !== undefined && typeof manager === 'string')
    extension['manager'] = { value: manager }
  return user
}

/** One operation of either dialect. */
function apply(target: Stored, operation: Stored): void {
  const { path, value } = operation
  const op = String(operation['op']).toLowerCase()
  if (path === undefined) {
    for (const [name, one] of Object.entries(value as Stored)) set(target, name, one)
    return
  }
  const text = String(path)
  if (text.startsWith('members')) {
    const before = (target['members'] ?? []) as Stored[]
    const one = /"(.*)"/.exec(text)?.[1]
    const named = one === undefined ? (value as Stored[]).map((member) => member['value']) : [one]
    const kept = before.filter((member) => !named.includes(member['value']))
    target['members'] = op === 'add' ? [...kept, ...named.map((id) => ({ value: id }))] : kept
    return
  }
  set(target, text, value)
}

function set(target: Stored, path: string, value: unknown): void {
  const real = value === 'False' ? false : value === 'True' ? true : value
  const filtered = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/.exec(path)
  if (filtered !== null) {
    const [, name = '', type = '', sub = ''] = filtered
    const elements = (target[name] ?? []) as Stored[]
    target[name] = elements
    const element = elements.find((one) => one['type'] === type) ?? { type }
    if (!elements.includes(element)) elements.push(element)
    element[sub] = real
    return
  }
  const urn = /^(urn:.*):(\w+)$/.exec(path)
  const dotted = /^(\w+)\.(\w+)$/.exec(path)
  const [, holder = '', name = ''] = urn ?? dotted ?? []
  if (holder === '') {
    target[path] = real
    return
  }
  const inside = { ...(target[holder] as Stored | undefined) }
  const isManager = name === 'manager'
  inside[name] = isManager ? (real === '' ? null : { value: real }) : real
  target[holder] = inside
}
