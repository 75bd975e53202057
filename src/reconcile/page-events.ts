import type { EventInput } from '../activity/index.ts'
import { toIso } from '../kernel/index.ts'
import type { JudgedPage } from './judge-page.ts'
import type { ReadyWrite } from './people-write-store.ts'
import type { Work } from './work.ts'

type PersonEvent = Omit<EventInput, 'detail'> & {
  /** The version it is about: told only if the person still had it. */
  readonly version: number | null
}

/**
 * An event for each person who is changed, with the differences that are the reason and the rules that decided.
 * Values are personal: they stand in the drift items, which go with the person.
 */
export function pageEvents(work: Work, page: JudgedPage): readonly PersonEvent[] {
  const { scope, lease, requestId } = work
  const reasons = Map.groupBy(page.drift, ({ personId }) => personId ?? '')
  const common = {
    outcome: 'success',
    organizationId: scope.organizationId,
    ...(scope.connectionId === '' ? {} : { connectionId: scope.connectionId }),
    actor: 'reconciliation',
    requestId,
  } as const
  const changes = page.writes.map((write): PersonEvent => {
    const why = (reasons.get(write.personId) ?? [])
      .filter(({ action }) => action === 'repaired')
      .map(({ kind, attribute, rule }) => ({
        kind,
        ...(attribute === null ? {} : { attribute }),
        rule,
      }))
    const facts = {
      run: lease.runId,
      changed: changedNames(write),
      ...(why.length === 0 ? {} : { why }),
      ...(write.eraseAt === null ? {} : { eraseAt: toIso(write.eraseAt) }),
    }
    const { personId, personVersion: version } = write
    return { ...common, type: typeOf(write), personId, version, facts }
  })
  const created = page.creates.map(({ id, resolved }): PersonEvent => {
    const facts = { run: lease.runId, changed: Object.keys(resolved.profile) }
    return { ...common, type: 'user.created', personId: id, version: null, facts }
  })
  return [...changes.filter(isTold), ...created]
}

function typeOf({ isDeactivated, isReactivated }: ReadyWrite): EventInput['type'] {
  if (isDeactivated) return 'user.deactivated'
  return isReactivated ? 'user.reactivated' : 'user.updated'
}

function changedNames(write: ReadyWrite): readonly string[] {
  return [
    ...write.changed,
    ...(write.rename === null || write.changed.includes('userName') ? [] : ['userName']),
    ...(write.bindTo === null ? [] : ['identity']),
    ...(write.isDeactivated || write.isReactivated ? ['active'] : []),
    ...(write.isEraseMoved ? ['eraseAt'] : []),
  ]
}

/** A view that only says since when what was known already is no news for anybody. */
function isTold({ facts }: PersonEvent): boolean {
  const changed = facts?.['changed']
  return Array.isArray(changed) && changed.length > 0
}
