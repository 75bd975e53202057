import { findGroup } from '../directory/index.ts'
import { findLink } from './links.ts'
import { fail, type Run, type Subject, succeed } from './run.ts'
import {
  type Member,
  membersToAdd,
  membersToRemove,
  noteAdded,
  noteRemoved,
} from './sent-members.ts'

const actions = {
  Add: { note: noteAdded, count: 'membersAdded', done: 'added', failed: 'Adding' },
  Remove: { note: noteRemoved, count: 'membersRemoved', done: 'removed', failed: 'Removing' },
} as const

/**
 * Adds and removes members of a group, several in one request. What the application has is never read: only
 * what was sent before counts.
 * @param only when given, others stay as they are
 */
export async function syncMembers(
  run: Run,
  groupId: string,
  only: ReadonlySet<string> | null = null,
): Promise<void> {
  const { sql, job } = run
  const link = findLink(sql, [job.appId, 'group'], groupId)
  if (link === null) return
  const wanted = (members: readonly Member[]) =>
    members.filter(({ memberId }) => only === null || only.has(memberId))
  const to = { groupId, targetId: link.targetId }
  await send(run, to, { op: 'Remove', members: wanted(membersToRemove(sql, job.appId, groupId)) })
  await send(run, to, { op: 'Add', members: wanted(membersToAdd(sql, job.appId, groupId)) })
}

async function send(
  run: Run,
  { groupId, targetId }: { readonly groupId: string; readonly targetId: string },
  { op, members }: { readonly op: 'Add' | 'Remove'; readonly members: readonly Member[] },
): Promise<void> {
  const { note, count, done, failed } = actions[op]
  const name = findGroup(run.sql, groupId)?.displayName ?? null
  const subject: Subject = { kind: 'group', sourceId: groupId, name }
  const size = run.job.memberBatch
  const unknown =
    op === 'Add' && run.job.checksReferences ? await notThere(run, targetId, members) : members
  for (let at = 0; at < unknown.length && run.fatal === null; at += size) {
    const batch = unknown.slice(at, at + size)
    const value = batch.map((member) => ({ $ref: null, value: member.targetId }))
    const change = { op, path: 'members', value, folds: false }
    const patched = await run.scim.patch('group', targetId, [change])
    const what = { action: 'members', targetId, changes: [change] } as const
    const many = batch.length === 1 ? '1 member' : `${batch.length} members`
    if (!patched.ok) {
      const message = `${failed} ${many} failed.`
      return fail(run, subject, { ...what, message, failure: patched.failure })
    }
    note(run.sql, { appId: run.job.appId, groupId }, batch)
    run.counts[count] += batch.length
    succeed(run, subject, { ...what, message: `${many} ${done}.` }, null)
  }
}

/** Those whom the application does not have as members yet; asked one by one. Who cannot be asked for is added. */
async function notThere(
  run: Run,
  targetId: string,
  members: readonly Member[],
): Promise<readonly Member[]> {
  const missing: Member[] = []
  for (const member of members) {
    const to = { attribute: 'members', targetId: member.targetId }
    const refers = await run.scim.refers('group', targetId, to)
    if (!refers.ok || !refers.value) missing.push(member)
  }
  return missing
}
