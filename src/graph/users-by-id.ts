import { foldCase, ok, type Result } from '../kernel/index.ts'
import { type BatchRequest, sendBatch } from './batch.ts'
import type { GraphFailure } from './errors.ts'
import { badAnswer } from './fetch-text.ts'
import { readGuid } from './json.ts'
import { pathPart } from './path-part.ts'
import { selectOf } from './select.ts'
import type { Purpose } from './status.ts'
import type { AskAgain, GraphUser, UsersById } from './types.ts'
import { readUser } from './user.ts'

type Batch = Parameters<typeof sendBatch>[0]

const purpose: Purpose = { permission: 'User.Read.All', what: 'user' }

/**
 * Reads users by id in one `$batch`, and their managers in a second one: `manager` is a link, which `$select`
 * does not follow here. Whose manager could not be read yet is asked for again as a whole, since a user that is
 * read whole without one has none.
 */
export async function usersById(
  batch: Batch,
  ids: readonly string[],
  names: readonly string[],
): Promise<Result<UsersById, GraphFailure>> {
  const asked = await askFor(batch, ids, names)
  if (!asked.ok) return asked
  const users: GraphUser[] = []
  for (const [id, body] of asked.value.found) {
    const user = readUser(body)
    if (user === null || user.id !== id.toLowerCase()) return badAnswer('a user of another id')
    users.push(user)
  }
  const { gone, again } = asked.value
  return withManagers(batch, users, { gone, again })
}

/** What the userPrincipalName of an account may be (learn.microsoft.com/entra, user name policies); guests aside. */
const principalName = /^[\w.!^~'-]+@[\w.-]+$/

/**
 * The same by userPrincipalName. Whoever is not called so now is nobody: neither found nor gone, and neither is what
 * no account can be called, which would fail the whole batch.
 */
export async function usersByName(
  batch: Batch,
  principalNames: readonly string[],
  names: readonly string[],
): Promise<Result<UsersById, GraphFailure>> {
  const asked = await askFor(
    batch,
    principalNames.filter((name) => principalName.test(name)),
    [...names, 'userPrincipalName'],
  )
  if (!asked.ok) return asked
  const users = [...asked.value.found].flatMap(([name, body]) => {
    const user = readUser(body)
    const isCalledSo = foldCase(user?.stated.get('userPrincipalName')?.[0] ?? '') === foldCase(name)
    return user !== null && isCalledSo ? [user] : []
  })
  const found = await withManagers(batch, users, { gone: [], again: null })
  if (!found.ok) return found
  // Whose manager could not be read is asked for by name again, as everybody here is.
  const late = new Set(found.value.again?.ids)
  const again = users
    .filter(({ id }) => late.has(id))
    .flatMap(({ stated }) => stated.get('userPrincipalName') ?? [])
  const retryAfterMs = found.value.again?.retryAfterMs ?? 0
  const later = again.length === 0 ? null : { ids: again, retryAfterMs }
  return ok({ ...found.value, again: join(asked.value.again, later) })
}

function askFor(batch: Batch, keys: readonly string[], names: readonly string[]) {
  const select = selectOf(names).filter((name) => name !== 'manager')
  return sendBatch(
    batch,
    keys.map((key) => request(key, `/users/${pathPart(key)}?$select=${select.join(',')}`)),
  )
}

async function withManagers(
  batch: Batch,
  users: readonly GraphUser[],
  { gone, again }: Pick<UsersById, 'gone' | 'again'>,
): Promise<Result<UsersById, GraphFailure>> {
  const managers = await managersOf(batch, users)
  if (!managers.ok) return managers
  const { stated, later } = managers.value
  return ok({
    users: users.flatMap((user) => {
      const manager = stated.get(user.id)
      if (manager === undefined) return []
      return [{ id: user.id, stated: new Map([...user.stated, ['manager', manager]]) }]
    }),
    gone,
    again: join(again, later),
  })
}

type Managers = {
  readonly stated: ReadonlyMap<string, readonly string[]>
  readonly later: AskAgain | null
}

async function managersOf(
  batch: Batch,
  users: readonly GraphUser[],
): Promise<Result<Managers, GraphFailure>> {
  const answer = await sendBatch(
    batch,
    users.map(({ id }) => request(id, `/users/${pathPart(id)}/manager?$select=id`)),
  )
  if (!answer.ok) return answer
  const stated = new Map<string, readonly string[]>()
  for (const [id, body] of answer.value.found) {
    const manager = readGuid(body['id'])
    if (manager === null) return badAnswer('a manager without id')
    stated.set(id, [manager])
  }
  // Graph answers 404 for whoever has no manager.
  for (const id of answer.value.gone) stated.set(id, [])
  return ok({ stated, later: answer.value.again })
}

function request(key: string, url: string): BatchRequest {
  return { key, url, purpose }
}

function join(a: AskAgain | null, b: AskAgain | null): AskAgain | null {
  if (a === null || b === null) return a ?? b
  return {
    ids: [...a.ids, ...b.ids],
    retryAfterMs: Math.max(a.retryAfterMs, b.retryAfterMs),
  }
}
