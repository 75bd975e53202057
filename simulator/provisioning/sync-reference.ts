import type { Change } from './difference.ts'
import { fail, type PendingReference, type Run, type Subject, succeed } from './run.ts'
import { findPerson } from './scope.ts'
import { managerTarget } from './sync-user.ts'

/**
 * Sets, changes or removes somebody's manager: a bare id, and empty text where there is none any more. A
 * manager whom the application does not know is not sent, and not made up for later: only a restart does.
 */
export async function syncReference(run: Run, pending: PendingReference): Promise<void> {
  const row = run.mapping.find(({ kind }) => kind === 'reference')
  const person = findPerson(run.sql, pending.sourceId)
  if (row === undefined || person === null) return
  const { managerId, userPrincipalName } = person.user
  const wanted = managerId === null ? '' : managerTarget(run, managerId)
  if (wanted === null || wanted === (pending.current ?? '')) return
  // An initial cycle does not know that there ever was one here.
  if (wanted === '' && run.kind === 'initial') return
  const { targetId, sourceId } = pending
  const op = pending.current === null ? 'Add' : 'Replace'
  const change: Change = { op, path: row.path.text, value: wanted, folds: false }
  const subject: Subject = { kind: 'user', sourceId, name: userPrincipalName }
  if (run.job.checksReferences && wanted !== '') {
    const refers = await run.scim.refers('user', targetId, {
      attribute: 'manager',
      targetId: wanted,
    })
    if (!refers.ok) {
      const message = 'Asking for the manager failed.'
      return fail(run, subject, { action: 'manager', targetId, message, failure: refers.failure })
    }
    if (refers.value) return
  }
  const patched = await run.scim.patch('user', targetId, [change])
  const what = { action: 'manager', targetId, changes: [change] } as const
  if (!patched.ok) {
    const message = 'Setting the manager failed.'
    return fail(run, subject, { ...what, message, failure: patched.failure })
  }
  const message = wanted === '' ? 'The manager was removed.' : 'The manager was set.'
  succeed(run, subject, { ...what, message }, null)
}
