import { allOf, always, type Database, type Guard, runBatch, type Statement } from '../db/index.ts'
import { loadRules, mappedNames, mappingStands, rulesetFor } from '../directory/index.ts'
import { createTokenCache } from '../graph/index.ts'
import { err, limits, newTimedId, ok, type Result } from '../kernel/index.ts'
import { acceptForPerson } from './accept-person.ts'
import type { DriftKind } from './drift.ts'
import { type DriftRow, decideDrift, driftIsAccepted } from './drift-store.ts'
import type { ReconcileFailure } from './errors.ts'
import { judgePage } from './judge-page.ts'
import { changeMembers } from './members-store.ts'
import { openGraph } from './open-graph.ts'
import { pageQueries, readPage, type Scope } from './page-read-store.ts'
import {
  allStand,
  type PeopleWrites,
  type ReadyCreate,
  type ReadyWrite,
  writeAroundPeople,
  writePeople,
} from './people-write-store.ts'
import type { GraphStatement, KnownUserWrite } from './plan-types.ts'
import { loadReconciler, type Reconciler } from './reconcilers-store.ts'
import type { reportOnly } from './settings.ts'
import { stateStatement, userStatement, watchedNames } from './statements.ts'
import type { ReconcileDeps } from './work.ts'

/** What the caller adds to the batch: who accepted, and what became of it. */
export type AcceptEvent = (
  done: { readonly personId: string | null; readonly changed: readonly string[] },
  guard: Guard,
) => readonly Statement[]

type Accepting = {
  readonly deps: ReconcileDeps
  readonly db: Database
  readonly drift: DriftRow
  readonly nowMs: number
  readonly event: AcceptEvent
}

type Prepared = {
  readonly guard: Guard
  readonly statements: (guard: Guard) => readonly Statement[]
  readonly personId: string | null
  readonly changed: readonly string[]
}

const nothing: Prepared = { guard: always, statements: () => [], personId: null, changed: [] }

/**
 * Repairs one difference once, because an admin accepts it: whatever its policy is, and it stays for the next ones.
 * What is no longer so is only noted.
 * @returns the difference as it is then; `reconcile.drift_decided` when it does not wait for anybody's word,
 *   `reconcile.drift_not_repairable` when there is nothing that could be done here
 */
export async function acceptDrift(
  accepting: Accepting,
): Promise<Result<DriftRow, ReconcileFailure>> {
  const { db, drift, nowMs, event } = accepting
  if (drift.state !== 'open') return err({ code: 'reconcile.drift_decided' })
  const prepare = Object.hasOwn(preparations, drift.kind)
    ? preparations[drift.kind as Repairable]
    : undefined
  if (prepare === undefined || drift.action !== 'reported') {
    return err({ code: 'reconcile.drift_not_repairable' })
  }
  const { organizationId, id: driftId } = drift
  for (let attempt = 0; attempt < limits.reconcileAttempts; attempt++) {
    const prepared = await prepare(accepting)
    const { guard, statements, personId, changed } = prepared
    const isAccepted = driftIsAccepted({ organizationId, driftId, nowMs })
    const answers = await runBatch(db, [
      decideDrift(db, { organizationId, driftId }, { state: 'accepted', nowMs, guard }),
      ...event({ personId, changed }, isAccepted),
      ...statements(isAccepted),
    ])
    const [row] = answers[0] as readonly DriftRow[]
    if (row !== undefined) return ok(row)
  }
  return err({ code: 'reconcile.drift_decided' })
}

type Repairable = Exclude<DriftKind, (typeof reportOnly)[number]>

const preparations: Readonly<Record<Repairable, (accepting: Accepting) => Promise<Prepared>>> = {
  attribute_cleared: preparePerson,
  attribute_different: preparePerson,
  person_disabled: preparePerson,
  person_deleted: preparePerson,
  person_unassigned: preparePerson,
  person_missing: prepareMissing,
  membership_missing: prepareMember,
  membership_extra: prepareMember,
}

async function prepareMember({ db, drift }: Accepting): Promise<Prepared> {
  const { personId, groupId, at } = drift
  if (personId === null || groupId === null) return nothing
  const ids = [personId]
  const isExtra = drift.kind === 'membership_extra'
  const change = {
    groupId,
    add: isExtra ? [] : ids,
    remove: isExtra ? ids : [],
    readStartedAt: at,
  }
  return {
    guard: always,
    personId,
    changed: ['groups'],
    statements: (guard) => changeMembers(db, drift, { change, guard }),
  }
}

/** What is held of the object that the difference is about, and by which rules. */
async function heldOf(
  { db, drift }: Accepting,
  { tenantId, statement }: { tenantId: string; statement: GraphStatement },
) {
  const { organizationId, connectionId } = drift
  const scope: Scope = { organizationId, connectionId, tenantId }
  const rules = await loadRules(db, organizationId)
  if (rules === null) return null
  const page = readPage(scope, await runBatch(db, pageQueries(db, scope, [statement])))
  const ruleset = rulesetFor(rules, connectionId === '' ? null : connectionId)
  return {
    scope,
    page,
    ruleset,
    reconciler: await loadReconciler(db, { organizationId, connectionId }),
  }
}

function silentStatement(objectId: string, nowMs: number): GraphStatement {
  const reading = { names: [], isWhole: false, at: nowMs, startedAt: nowMs }
  return stateStatement(objectId, { state: null, isLacked: false, reading })
}

async function preparePerson(accepting: Accepting): Promise<Prepared> {
  const { drift, nowMs } = accepting
  const { tenantId } = await openStored(accepting)
  const statement = silentStatement(drift.objectId ?? '', nowMs)
  const held = await heldOf(accepting, { tenantId, statement })
  const person = held?.page.people.find((one) => one.person.id === drift.personId)
  if (held === null || person === undefined) return nothing
  const { ruleset, reconciler, scope } = held
  const write = await acceptForPerson(person, drift, {
    ruleset,
    settings: reconciler.settings,
    nowMs,
  })
  return write === null
    ? nothing
    : preparedWrites(accepting, { scope, version: ruleset.version, writes: [write] })
}

/** Makes somebody who is missing, as Graph states them now. */
async function prepareMissing(accepting: Accepting): Promise<Prepared> {
  const { deps, drift, nowMs } = accepting
  const { tenantId, graph } = await openStored(accepting)
  const objectId = drift.objectId ?? ''
  const first = await heldOf(accepting, { tenantId, statement: silentStatement(objectId, nowMs) })
  if (!graph.ok || first === null) return nothing
  const names = watchedNames(mappedNames(first.ruleset.mapping, 'graph'))
  const answer = await graph.value.client.usersById([objectId], names)
  const [user] = answer.ok ? answer.value.users : []
  if (user === undefined) return nothing
  const reading = { names, isWhole: true, at: nowMs, startedAt: nowMs }
  const statement = userStatement(user, reading)
  const held = await heldOf(accepting, { tenantId, statement })
  if (held === null) return nothing
  const { scope, page, ruleset, reconciler } = held
  const judged = await judgePage({
    scope,
    page,
    ruleset,
    statements: [statement],
    settings: creating(reconciler),
    requiresAssignment: true,
    // An admin means it: it counts for nothing.
    appRoleRules: [],
    mode: 'apply',
    isDryRun: false,
    nowMs,
    newId: (prefix) => newTimedId(prefix, nowMs, deps.random),
  })
  return preparedWrites(accepting, { ...judged, scope, version: ruleset.version })
}

function creating({ settings }: Reconciler): Reconciler['settings'] {
  return { ...settings, policies: { ...settings.policies, person_missing: 'repair' } }
}

function openStored({ deps, db, drift }: Accepting) {
  const { organizationId, connectionId } = drift
  return openGraph(deps, { db, key: { organizationId, connectionId }, tokens: createTokenCache() })
}

function preparedWrites(
  { db, drift, nowMs }: Accepting,
  {
    scope,
    version,
    writes,
    creates = [],
    users = [],
  }: {
    scope: Scope
    version: number
    writes: readonly ReadyWrite[]
    creates?: readonly ReadyCreate[]
    users?: readonly KnownUserWrite[]
  },
): Prepared {
  return {
    guard: allOf(mappingStands(scope.organizationId, version), allStand(scope, writes)),
    personId: drift.personId ?? creates[0]?.id ?? null,
    changed: [...new Set(writes.flatMap(({ changed }) => changed))],
    statements(guard) {
      const page: PeopleWrites = { scope, writes, creates, users, isCounted: false, nowMs, guard }
      return [...writeAroundPeople(db, page), ...writePeople(db, page)]
    },
  }
}
