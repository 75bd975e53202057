import { type Ruleset, viewFingerprintText } from '../directory/index.ts'
import { sha256Hex } from '../kernel/index.ts'
import type { DriftItem } from './drift.ts'
import type { FoundDrift } from './drift-store.ts'
import { foundOne } from './found-drift.ts'
import type { PageRead, Scope } from './page-read-store.ts'
import { keysMovedBy, type ReadyCreate, type ReadyWrite } from './people-write-store.ts'
import { plan } from './plan.ts'
import { identityKeyOf } from './plan-identity.ts'
import type { AppRoleRule, GraphStatement, KnownUserWrite, PersonWrite } from './plan-types.ts'
import type { Settings } from './settings.ts'

/** A statement that waits until all of the run is counted, and whom it takes what from. */
export type Waiting = {
  readonly personId: string
  readonly uses: readonly string[]
  readonly statement: StoredStatement
}

/** A statement as JSON. */
export type StoredStatement = Omit<GraphStatement, 'stated'> & {
  readonly stated: readonly (readonly [string, readonly string[]])[]
}

export function storeStatement({ stated, ...rest }: GraphStatement): StoredStatement {
  return { ...rest, stated: [...stated] }
}

export function restoreStatement({ stated, ...rest }: StoredStatement): GraphStatement {
  return { ...rest, stated: new Map(stated) }
}

/** How a page is taken: `collect` leaves to wait what the brake counts, `apply` does all, `report` does nothing. */
export type PageMode = 'collect' | 'apply' | 'report'

/** A page that is judged: what is written now, what waits, what is told. */
export type JudgedPage = {
  readonly writes: readonly ReadyWrite[]
  readonly creates: readonly ReadyCreate[]
  readonly users: readonly KnownUserWrite[]
  readonly waiting: readonly Waiting[]
  readonly drift: readonly FoundDrift[]
}

export type PageInput = {
  readonly scope: Scope
  readonly statements: readonly GraphStatement[]
  readonly page: PageRead
  readonly ruleset: Ruleset
  readonly settings: Settings
  readonly requiresAssignment: boolean
  readonly appRoleRules: readonly AppRoleRule[]
  readonly mode: PageMode
  readonly isDryRun: boolean
  readonly nowMs: number
  newId(prefix: 'drf' | 'usr'): string
}

/** Plans a page, and parts what is done at once from what waits for the brake. */
export async function judgePage(input: PageInput): Promise<JudgedPage> {
  const { scope, page, statements, mode } = input
  const planned = plan({
    ...page,
    statements,
    ruleset: input.ruleset,
    settings: input.settings,
    connectionId: scope.connectionId === '' ? null : scope.connectionId,
    tenantId: scope.tenantId,
    requiresAssignment: input.requiresAssignment,
    appRoleRules: input.appRoleRules,
    nowMs: input.nowMs,
  })
  const held = new Map(page.people.map((one) => [one.person.id, one]))
  const start = identityKeyOf(scope.tenantId, '').length
  const later = mode === 'apply' ? [] : planned.writes.filter(({ uses }) => uses.length > 0)
  const laterIds = new Set(later.map(({ personId }) => personId))
  const now = mode === 'report' ? [] : planned.writes.filter((one) => !laterIds.has(one.personId))
  const waiting = later.flatMap((one) => waitingOf(one))
  const writes = await Promise.all(
    now.map(
      async (one): Promise<ReadyWrite> => ({
        ...one,
        viewSha256: one.view === null ? null : await sha256Hex(viewFingerprintText(one.view)),
        isEraseMoved: held.get(one.personId)?.person.eraseAt !== one.eraseAt,
        movedKeys: keysMovedBy(one, held.get(one.personId)?.person),
      }),
    ),
  )
  const creates = await Promise.all(
    (mode === 'report' ? [] : planned.creates).map(
      async (one): Promise<ReadyCreate> => ({
        ...one,
        id: input.newId('usr'),
        viewSha256: await sha256Hex(viewFingerprintText(one.view)),
      }),
    ),
  )
  const versions = new Map(writes.map((one) => [one.personId, one.personVersion]))
  const told = planned.drift.filter(({ action }) => action !== 'ignored')
  const drift = await Promise.all(told.map((item) => found(item)))
  const users = planned.users.filter(({ personId }) => !laterIds.has(personId ?? ''))
  return { writes, creates, users: mode === 'report' ? [] : users, waiting, drift }

  /** Everything that the page states of the person, so that the same comes of it later. */
  function waitingOf({ personId, bindTo, uses }: PersonWrite): readonly Waiting[] {
    const objectId = (bindTo ?? held.get(personId)?.identityKey ?? '').slice(start)
    return statements
      .filter((one) => one.objectId === objectId)
      .map((one) => ({ personId, uses, statement: storeStatement(one) }))
  }

  function found(item: DriftItem): Promise<FoundDrift> {
    const personId = item.personId ?? ''
    return foundOne(item, input, input.isDryRun, {
      isLater: mode === 'report' || laterIds.has(personId),
      version: versions.get(personId) ?? null,
    })
  }
}
