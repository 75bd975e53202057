import { type Ruleset, resolve, viewFingerprintText } from '../directory/index.ts'
import { sha256Hex } from '../kernel/index.ts'
import { acceptAttribute } from './accept-drift.ts'
import type { DriftRow } from './drift-store.ts'
import { keysMovedBy, type ReadyWrite } from './people-write-store.ts'
import { stillDenies } from './plan-account.ts'
import type { HeldPerson } from './plan-types.ts'
import { differingKeys } from './profile-difference.ts'
import type { Settings } from './settings.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * What accepting a difference about a person writes: what Graph states of the attribute, or its denial, once.
 * @returns null when nothing is left to do
 */
export async function acceptForPerson(
  held: HeldPerson,
  drift: Pick<DriftRow, 'kind' | 'attribute'>,
  { ruleset, settings, nowMs }: { ruleset: Ruleset; settings: Settings; nowMs: number },
): Promise<ReadyWrite | null> {
  const { person } = held
  const same: ReadyWrite = {
    personId: person.id,
    personVersion: person.version,
    view: null,
    viewSha256: null,
    resolved: null,
    mappingVersion: ruleset.version,
    deniedByGraph: person.deniedByGraph,
    active: person.active,
    isDeactivated: false,
    isReactivated: false,
    eraseAt: person.eraseAt,
    isEraseMoved: false,
    movedKeys: {},
    bindTo: null,
    rename: null,
    changed: [],
    // An admin means it: it counts for nothing.
    uses: [],
  }
  if (drift.attribute === null) {
    // Found a while ago: whoever was enabled or assigned since is not denied for what was.
    if (person.deniedByGraph || !stillDenies(drift.kind, held.known)) return null
    const isDeleted = drift.kind === 'person_deleted'
    const eraseAt = isDeleted ? nowMs + settings.retentionDays * dayMs : person.eraseAt
    return {
      ...same,
      deniedByGraph: true,
      active: false,
      isDeactivated: person.active,
      eraseAt,
      isEraseMoved: eraseAt !== person.eraseAt,
    }
  }
  const resolveNow = (views: HeldPerson['views']) =>
    resolve(ruleset.definitions, ruleset.mapping, views)
  const view = acceptAttribute(held.views, drift.attribute, resolveNow)
  if (view === null) return null
  const resolved = resolveNow([...held.views.filter(({ source }) => source !== 'graph'), view])
  const write = { ...same, view, resolved }
  return {
    ...write,
    movedKeys: keysMovedBy(write, person),
    viewSha256: await sha256Hex(viewFingerprintText(view)),
    changed: differingKeys(resolveNow(held.views), resolved),
  }
}
