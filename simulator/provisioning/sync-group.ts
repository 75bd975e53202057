import { findGroup, type Group } from '../directory/index.ts'
import type { Change } from './difference.ts'
import { dropLink, findLink, saveLink } from './links.ts'
import { fail, type Run, type Subject, settle, skip, succeed } from './run.ts'
import { isGroupInScope } from './scope.ts'
import { property, type Resource } from './target-path.ts'

const groupSchemas = [
  'urn:ietf:params:scim:schemas:core:2.0:Group',
  'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
] as const

/** Brings one group to where it should be, without its members: made, renamed or deleted. */
export async function syncGroup(run: Run, sourceId: string): Promise<void> {
  const { sql, job } = run
  const group = findGroup(sql, sourceId)
  const link = findLink(sql, [job.appId, 'group'], sourceId)
  const subject: Subject = { kind: 'group', sourceId, name: group?.displayName ?? null }
  settle(run, subject)
  if (group === null || !isGroupInScope(sql, job, sourceId)) {
    if (link !== null) return remove(run, subject, link.targetId)
    if (run.kind === 'on-demand') {
      skip(run, subject, { action: 'create', message: 'The group is not in scope.' })
    }
    return
  }
  if (link !== null) return update(run, { group, subject }, link.targetId)
  const attribute = job.groupMatching
  const value = attribute === 'externalId' ? group.id : group.displayName
  const found = await run.scim.find('group', attribute, value)
  if (!found.ok) {
    const message = `Looking for the group by ${attribute} failed.`
    return fail(run, subject, { action: 'create', message, failure: found.failure })
  }
  if (found.value !== null) return update(run, { group, subject }, found.value.id)
  return create(run, { group, subject })
}

type Named = { readonly group: Group; readonly subject: Subject }

async function create(run: Run, { group, subject }: Named): Promise<void> {
  const made = await run.scim.create('group', {
    schemas: groupSchemas,
    externalId: group.id,
    displayName: group.displayName,
    meta: { resourceType: 'Group' },
  })
  if (!made.ok) {
    const message = 'Creating the group failed.'
    return fail(run, subject, { action: 'create', message, failure: made.failure })
  }
  const targetId = made.value.id
  saveLink(run.sql, [run.job.appId, 'group'], { sourceId: group.id, targetId, state: 'active' })
  const message = 'The group was created.'
  succeed(run, subject, { action: 'create', message, targetId }, 'created')
}

async function update(run: Run, { group, subject }: Named, targetId: string): Promise<void> {
  const got = await run.scim.get('group', targetId)
  if (!got.ok) {
    const message = 'Reading the group failed.'
    return fail(run, subject, { action: 'update', message, targetId, failure: got.failure })
  }
  const changes = groupChanges(got.value.resource, group)
  const patched = changes.length === 0 ? null : await run.scim.patch('group', targetId, changes)
  if (patched?.ok === false) {
    const message = 'Changing the group failed.'
    const what = { action: 'update', message, targetId, changes } as const
    return fail(run, subject, { ...what, failure: patched.failure })
  }
  const of = [run.job.appId, 'group'] as const
  const isNew = findLink(run.sql, of, group.id) === null
  if (isNew) saveLink(run.sql, of, { sourceId: group.id, targetId, state: 'active' })
  if (changes.length === 0 && !isNew && run.kind === 'incremental') return
  const message = changes.length === 0 ? 'The application has the group.' : 'The group was changed.'
  const count = changes.length === 0 ? null : 'updated'
  succeed(run, subject, { action: 'update', message, targetId, changes }, count)
}

function groupChanges(resource: Resource, group: Group): readonly Change[] {
  const wanted = [
    ['displayName', group.displayName],
    ['externalId', group.id],
  ] as const
  return wanted.flatMap(([path, value]) => {
    const found = property(resource, path)
    if (found === value) return []
    const isAbsent = found === undefined || found === null || found === ''
    return [{ op: isAbsent ? 'Add' : 'Replace', path, value, folds: true } as const]
  })
}

/** Groups are deleted at once when they are gone or no longer assigned. */
async function remove(run: Run, subject: Subject, targetId: string): Promise<void> {
  const isGone = subject.name === null
  if (!isGone && run.job.skipOutOfScopeDeletions) {
    const message = 'The group left the scope; SkipOutOfScopeDeletions is set, so nothing was sent.'
    return skip(run, subject, { action: 'delete', message, targetId })
  }
  const removed = await run.scim.remove('group', targetId)
  if (!removed.ok) {
    const message = 'Deleting the group failed.'
    return fail(run, subject, { action: 'delete', message, targetId, failure: removed.failure })
  }
  dropLink(run.sql, [run.job.appId, 'group'], subject.sourceId)
  const message = isGone
    ? 'The group was deleted.'
    : 'The group left the scope, and so was deleted.'
  succeed(run, subject, { action: 'delete', message, targetId }, 'deleted')
}
