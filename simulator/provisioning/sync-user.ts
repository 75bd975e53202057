import type { User } from '../directory/index.ts'
import type { Target } from './check-answer.ts'
import { differences } from './difference.ts'
import { dropLink, findLink, type Link, saveLink } from './links.ts'
import { type MappedValue, mappedValues, matchingValue } from './mapped-values.ts'
import { fail, type Run, type Subject, settle, skip, succeed } from './run.ts'
import { findPerson, isInScope } from './scope.ts'
import { sourceOf } from './source-attributes.ts'
import { property } from './target-path.ts'
import { deprovision, forget } from './unsync-user.ts'
import { userBody } from './user-body.ts'

type Person = {
  readonly user: User
  readonly subject: Subject
  readonly values: readonly MappedValue[]
}

/** Brings one person in the application to where they should be: made, changed, disabled or deleted. */
export async function syncUser(run: Run, sourceId: string): Promise<void> {
  const { sql, job } = run
  const person = findPerson(sql, sourceId)
  const link = findLink(sql, [job.appId, 'user'], sourceId)
  const subject: Subject = { kind: 'user', sourceId, name: person?.user.userPrincipalName ?? null }
  settle(run, subject)
  if (person === null) return link === null ? undefined : forget(run, subject, link)
  const { user, isDeleted } = person
  const isWanted = !isDeleted && isInScope(sql, job, user)
  if (!isWanted) {
    const state = isDeleted ? 'deleted' : 'out-of-scope'
    if (link !== null) return deprovision(run, subject, { user, link, state })
    if (run.kind === 'on-demand') {
      const message = isDeleted ? 'The user is deleted.' : 'The user is not in scope.'
      skip(run, subject, { action: 'create', message })
    }
    return
  }
  const isSoftDeleted = !user.accountEnabled
  const values = mappedValues(run.mapping, sourceOf(sql, run.app, { user, isSoftDeleted }))
  if (link?.state === 'active') return update(run, { user, subject, values }, link.targetId)
  if (link === null && isSoftDeleted) {
    const message = 'The account is disabled: such people are not created.'
    return skip(run, subject, { action: 'create', message })
  }
  return match(run, { user, subject, values })
}

/** Looks for somebody by the matching attributes, one after the other; creates them when none finds anybody. */
async function match(run: Run, person: Person): Promise<void> {
  for (const attribute of run.job.userMatching) {
    const value = matchingValue(person.values, attribute)
    if (value === null) continue
    const found = await run.scim.find('user', attribute, value)
    if (!found.ok) {
      const message = `Looking for the user by ${attribute} failed.`
      return fail(run, person.subject, { action: 'create', message, failure: found.failure })
    }
    if (found.value !== null) return update(run, person, found.value.id)
  }
  return create(run, person)
}

async function create(run: Run, { user, subject, values }: Person): Promise<void> {
  // In an initial cycle the manager may not be there yet: references come last.
  const referenced = (id: string) => (run.kind === 'initial' ? null : managerTarget(run, id))
  const body = userBody(values, referenced)
  const made = await run.scim.create('user', body)
  const changes = values.map(({ path, value }) => ({ op: 'Add', path: path.text, value }))
  if (!made.ok) {
    const message = 'Creating the user failed.'
    return fail(run, subject, { action: 'create', message, changes, failure: made.failure })
  }
  const { id } = made.value
  linkTo(run, user, { sourceId: user.id, targetId: id, state: 'active' })
  const manager = user.managerId === null ? null : referenced(user.managerId)
  run.references.push({ sourceId: user.id, targetId: id, current: manager })
  const message = 'The user was created.'
  succeed(run, subject, { action: 'create', message, targetId: id, changes }, 'created')
}

/** Reads somebody and sends what differs. */
async function update(
  run: Run,
  { user, subject, values }: Person,
  targetId: string,
): Promise<void> {
  const { scim, job } = run
  const got = await scim.get('user', targetId)
  if (!got.ok) {
    const message = 'Reading the user failed.'
    return fail(run, subject, { action: 'update', message, targetId, failure: got.failure })
  }
  const changes = differences(got.value.resource, values)
  const patched = changes.length === 0 ? null : await scim.patch('user', targetId, changes)
  if (patched?.ok === false) {
    const message = 'Changing the user failed.'
    const what = { action: 'update', message, targetId, changes } as const
    return fail(run, subject, { ...what, failure: patched.failure })
  }
  const before = findLink(run.sql, [job.appId, 'user'], user.id)
  const isNew = before?.targetId !== targetId || before.state !== 'active'
  if (isNew) linkTo(run, user, { sourceId: user.id, targetId, state: 'active' })
  run.references.push({ sourceId: user.id, targetId, current: managerOf(got.value) })
  if (changes.length === 0 && !isNew && run.kind === 'incremental') return
  const disables = changes.some(({ path, value }) => path === 'active' && value === false)
  const action = disables ? 'disable' : 'update'
  if (changes.length === 0) {
    const message = 'The application has all of it already: nothing was sent.'
    return succeed(run, subject, { action, message, targetId }, null)
  }
  const message = disables ? 'The account is disabled.' : 'The user was changed.'
  const count = disables ? 'disabled' : 'updated'
  succeed(run, subject, { action, message, targetId, changes }, count)
}

function linkTo(run: Run, user: User, link: Link): void {
  const before = findLink(run.sql, [run.job.appId, 'user'], user.id)
  // Another object: what was sent of the old one counts no longer. Memberships of the same one stay.
  if (before !== null && before.targetId !== link.targetId) {
    dropLink(run.sql, [run.job.appId, 'user'], user.id)
  }
  saveLink(run.sql, [run.job.appId, 'user'], link)
  run.linked.add(user.id)
}

/** What the application calls somebody's manager; null when it does not know them. */
export function managerTarget(run: Run, managerId: string): string | null {
  return findLink(run.sql, [run.job.appId, 'user'], managerId)?.targetId ?? null
}

function managerOf({ resource }: Target): string | null {
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  const value = property(property(property(resource, enterprise), 'manager'), 'value')
  return typeof value === 'string' && value !== '' ? value : null
}
