import { env } from 'cloudflare:workers'
import { openDatabase, tables } from '../../../../src/db/index.ts'
import { sha256Hex } from '../../../../src/kernel/index.ts'
import { context, createContoso, doorWorld } from '../../support/door-world.ts'

export const baseUrl = `${context.publicUrl}/scim/v2`
export const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const messages = 'urn:ietf:params:scim:api:messages:2.0'
export const errorUri = `${messages}:Error`
export const listUri = `${messages}:ListResponse`

export type Json = Readonly<Record<string, unknown>>
export type Resource = Json & { readonly id: string; readonly schemas: readonly string[] }
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; empty when there is none. */
  readonly body: Json
}

type TokenRow = typeof tables.scimTokens.$inferInsert

/** A secret of the form of ours, told apart by a word. */
export function secretOf(word: string): string {
  return `portico_scim_${word.padEnd(43, '0')}`
}

/** Contoso, whose token is the secret of every call that names no other. */
export async function rfcWorld() {
  const world = doorWorld()
  await createContoso()
  await addToken('contoso')

  async function send(
    method: string,
    path: string,
    { body, token = 'contoso', headers = {} }: SendOptions = {},
  ): Promise<Answer> {
    const response = await world.request(path.startsWith('http') ? path : `/scim/v2${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${secretOf(token)}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = text === '' ? {} : (JSON.parse(text) as Json)
    return { status: response.status, headers: response.headers, text, body: json }
  }

  const get = (path: string, options?: SendOptions) => send('GET', path, options)

  async function made(path: string, body: Json): Promise<Resource> {
    // Ids of one moment have no order; a list begins with the oldest.
    world.clock.ms++
    const answer = await send('POST', path, { body })
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`)
    return answer.body as Resource
  }

  return {
    ...world,
    send,
    get,
    post: (path: string, body: unknown, options?: SendOptions) =>
      send('POST', path, { ...options, body }),
    put: (path: string, body: unknown, options?: SendOptions) =>
      send('PUT', path, { ...options, body }),
    /** A PATCH with operations. */
    patch: (path: string, operations: readonly Json[], options?: SendOptions) =>
      send('PATCH', path, { ...options, body: patchOf(operations) }),
    /** Creates a user; throws when that fails. */
    user: (userName: string, more: Json = {}) => made('/Users', userOf(userName, more)),
    /** Creates a group; throws when that fails. */
    group: (displayName: string, members: readonly Resource[] = [], more: Json = {}) =>
      made('/Groups', {
        schemas: [coreGroup],
        displayName,
        ...(members.length === 0 ? {} : { members: members.map(({ id }) => ({ value: id })) }),
        ...more,
      }),
    /** What a list finds. */
    async list(kind: 'Users' | 'Groups', query: Readonly<Record<string, string>> = {}) {
      const answer = await get(`/${kind}?${new URLSearchParams(query)}`)
      const found = (answer.body['Resources'] ?? []) as readonly Resource[]
      return { ...answer, found, names: found.map((one) => one['userName'] ?? one['displayName']) }
    },
  }
}

export type RfcWorld = Awaited<ReturnType<typeof rfcWorld>>

type SendOptions = {
  readonly body?: unknown
  /** The word of a token; null for none. */
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

export function userOf(userName: string, more: Json = {}): Json {
  return { schemas: [coreUser], userName, ...more }
}

export function patchOf(operations: readonly Json[]): Json {
  return { schemas: [`${messages}:PatchOp`], Operations: operations }
}

export function searchOf(parameters: Json): Json {
  return { schemas: [`${messages}:SearchRequest`], ...parameters }
}

export function bulkOf(operations: readonly unknown[], more: Json = {}): Json {
  return { schemas: [`${messages}:BulkRequest`], Operations: operations, ...more }
}

let serial = 0

/** A token of Contoso's, known by a word. */
export async function addToken(word: string, change: Partial<TokenRow> = {}): Promise<string> {
  serial++
  const id = `tok_${String(serial).padStart(26, '0')}`
  await openDatabase(env.DB, 'primary')
    .insert(tables.scimTokens)
    .values({
      id,
      organizationId: 'org_00000000000000000000000001',
      connectionId: context.connectionId,
      name: 'Entra',
      tokenSha256: await sha256Hex(secretOf(word)),
      createdAt: context.nowMs,
      ...change,
    })
  return id
}

/** Fabrikam, another customer, with a token of its own. */
export async function addFabrikam(word = 'fabrikam'): Promise<void> {
  const organizationId = 'org_00000000000000000000000002'
  await openDatabase(env.DB, 'primary').insert(tables.organizations).values({
    id: organizationId,
    slug: 'fabrikam',
    name: 'Fabrikam',
    createdAt: context.nowMs,
    updatedAt: context.nowMs,
  })
  await addToken(word, { organizationId, connectionId: null })
}

/** The sub-object of a body. */
export function part(body: Json, ...names: readonly string[]): Json {
  return names.reduce<Json>((at, name) => (at[name] ?? {}) as Json, body)
}

/** A list of a body. */
export function list(body: Json, name: string): readonly Json[] {
  return (body[name] ?? []) as readonly Json[]
}
