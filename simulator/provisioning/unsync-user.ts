import type { User } from '../directory/index.ts'
import { differences } from './difference.ts'
import { dropLink, type Link, saveLink } from './links.ts'
import { mappedValues } from './mapped-values.ts'
import { fail, type Run, type Subject, skip, succeed } from './run.ts'
import { sourceOf } from './source-attributes.ts'

/** Disables somebody who was unassigned, filtered out or deleted. */
export async function deprovision(
  run: Run,
  subject: Subject,
  leaving: {
    readonly user: User
    readonly link: Link
    readonly state: 'out-of-scope' | 'deleted'
  },
): Promise<void> {
  const { job, sql } = run
  const { user, link, state } = leaving
  const { targetId } = link
  // Who was out of scope when they were deleted stays "out of scope": the service saw nothing of it.
  const next = link.state === 'out-of-scope' ? link.state : state
  const note = () => saveLink(sql, [job.appId, 'user'], { ...link, state: next })
  if (link.state !== 'active') return note()
  if (run.kind === 'on-demand' && state === 'deleted') {
    const message = 'The user is deleted: on-demand provisioning does not disable deleted users.'
    return skip(run, subject, { action: 'disable', message, targetId })
  }
  const active = run.mapping.filter(({ path }) => path.text === 'active')
  if (job.skipOutOfScopeDeletions || active.length === 0) {
    note()
    const message = job.skipOutOfScopeDeletions
      ? 'The user left the scope; SkipOutOfScopeDeletions is set, so nothing was sent.'
      : 'The user left the scope; active is not mapped, so nothing was sent.'
    return skip(run, subject, { action: 'disable', message, targetId })
  }
  if (!job.supportsSoftDelete) return remove(run, subject, targetId)
  const got = await run.scim.get('user', targetId)
  if (!got.ok) {
    const message = 'Reading the user failed.'
    return fail(run, subject, { action: 'disable', message, targetId, failure: got.failure })
  }
  const source = sourceOf(sql, run.app, { user, isSoftDeleted: true })
  const changes = differences(got.value.resource, mappedValues(active, source))
  const patched = changes.length === 0 ? null : await run.scim.patch('user', targetId, changes)
  if (patched?.ok === false) {
    const message = 'Disabling the user failed.'
    const what = { action: 'disable', message, targetId, changes } as const
    return fail(run, subject, { ...what, failure: patched.failure })
  }
  note()
  const message =
    state === 'deleted'
      ? 'The user was deleted in the directory, and so disabled.'
      : 'The user is no longer in scope, and so disabled.'
  const count = changes.length === 0 ? null : 'disabled'
  succeed(run, subject, { action: 'disable', message, targetId, changes }, count)
}

/** Somebody is gone for ever: the application is told when they were in scope until they were deleted. */
export async function forget(run: Run, subject: Subject, link: Link): Promise<void> {
  if (link.state !== 'out-of-scope') return remove(run, subject, link.targetId)
  dropLink(run.sql, [run.job.appId, 'user'], subject.sourceId)
  const message = 'The user was unassigned before they were deleted: no deletion is sent.'
  skip(run, subject, { action: 'delete', message, targetId: link.targetId })
}

async function remove(run: Run, subject: Subject, targetId: string): Promise<void> {
  const removed = await run.scim.remove('user', targetId)
  if (!removed.ok) {
    const message = 'Deleting the user failed.'
    return fail(run, subject, { action: 'delete', message, targetId, failure: removed.failure })
  }
  dropLink(run.sql, [run.job.appId, 'user'], subject.sourceId)
  const message = 'The user was deleted.'
  succeed(run, subject, { action: 'delete', message, targetId }, 'deleted')
}
