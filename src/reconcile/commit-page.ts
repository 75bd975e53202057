import { eventsStatement } from '../activity/index.ts'
import { allOf, always, type Guard, type Statement } from '../db/index.ts'
import { mappingStands } from '../directory/index.ts'
import { limits } from '../kernel/index.ts'
import { type Assignments, assignmentOf } from './assignments.ts'
import { jsonChunks } from './chunks.ts'
import { type JudgedValues, saveDrift, settleValues } from './drift-store.ts'
import { type JudgedPage, judgePage, type PageMode } from './judge-page.ts'
import { pageEvents } from './page-events.ts'
import { pageQueries, readPage } from './page-read-store.ts'
import { type ListRow, savePages } from './pages-store.ts'
import {
  allStand,
  type PeopleWrites,
  writeAroundPeople,
  writePeople,
} from './people-write-store.ts'
import { personIsAt } from './person-at-store.ts'
import type { GraphStatement } from './plan-types.ts'
import { addCounts, type Counts } from './run.ts'
import type { Work, Write } from './work.ts'

export type PageCommit = {
  readonly statements: readonly GraphStatement[]
  readonly mode: PageMode
  /** By which each statement says who is assigned; null where they say it themselves. */
  readonly assignments: Assignments | null
  /** Where the run stands once the page is written. */
  readonly next: Write['next']
  readonly counts?: Partial<Counts>
  /** Rows that are kept with the page, numbered by the cursor. */
  readonly lists?: readonly Omit<ListRow, 'page'>[]
  readonly also?: (gate: Guard) => readonly Statement[]
}

/**
 * Judges a page and writes what comes of it, with the checkpoint, in a read and one batch. Where others changed
 * somebody of the page in between, or the mapping, all of it is judged anew; whoever is changed each time is left
 * to the next run and counted.
 * @returns whether it was written; if not, the run is no longer this invocation's
 */
export async function commitPage(work: Work, commit: PageCommit): Promise<boolean> {
  const { db, scope } = work
  for (let attempt = 1; attempt <= limits.reconcileAttempts; attempt++) {
    const isLast = attempt === limits.reconcileAttempts
    const ruleset = await work.rules({ renew: attempt > 1 })
    const page = readPage(scope, await work.read(pageQueries(db, scope, commit.statements)))
    const judged = await judge(work, commit, { page, ruleset })
    const answers = await writeJudged(work, commit, {
      judged,
      guard: allOf(
        mappingStands(scope.organizationId, ruleset.version),
        ...(isLast ? [] : [allStand(scope, judged.writes)]),
      ),
      isLast,
    })
    if (answers) return true
    if (!(await work.isHeld())) return false
  }
  throw new Error('The mapping changed each time that a page was judged.')
}

async function judge(
  work: Work,
  { statements, mode, assignments }: PageCommit,
  { page, ruleset }: Pick<Parameters<typeof judgePage>[0], 'page' | 'ruleset'>,
): Promise<JudgedPage> {
  const { dryRun, cursor } = work.run()
  const stated =
    assignments === null
      ? statements
      : statements.map((one) => ({
          ...one,
          ...assignmentOf(assignments, one.objectId, page.strangers.has(one.objectId)),
        }))
  const isOfRoles = stated.some(({ appRoles }) => appRoles !== null)
  const roleRules = isOfRoles ? await work.roleRules() : []
  return judgePage({
    scope: work.scope,
    statements: stated,
    appRoleRules: roleRules.filter((rule) => 'appRole' in rule),
    page,
    ruleset,
    settings: work.reconciler.settings,
    requiresAssignment: cursor.requiresAssignment,
    mode: dryRun ? 'report' : mode,
    isDryRun: dryRun,
    nowMs: work.nowMs(),
    newId: work.newId,
  })
}

async function writeJudged(
  work: Work,
  commit: PageCommit,
  { judged, guard, isLast }: { judged: JudgedPage; guard: Guard; isLast: boolean },
): Promise<boolean> {
  const { db, scope, lease } = work
  const run = work.run()
  const nowMs = work.nowMs()
  const waiting = jsonChunks(judged.waiting).map((ids) => ({ kind: 'waiting' as const, ids }))
  const rows = [...(commit.lists ?? []), ...waiting].map((one, i) => ({
    ...one,
    page: run.cursor.page + i,
  }))
  // Until the answer says who was written: an invocation that dies before must not lose them.
  const left = isLast ? judged.writes.length : 0
  const counts = addCounts(run.counts, { ...commit.counts, ...pageCounts(judged), left })
  const answers = await work.write({
    next: {
      ...commit.next,
      counts,
      cursor: { page: run.cursor.page + rows.length, ...commit.next.cursor },
    },
    guard,
    statements(gate) {
      const people: PeopleWrites = {
        ...judged,
        scope,
        isCounted: !run.cursor.released,
        nowMs,
        guard: gate,
      }
      const key = { ...scope, runId: lease.runId }
      const events = pageEvents(work, judged)
      return [
        ...jsonListStatements(events, (part) =>
          eventsStatement(db, part, { nowMs, guard: allOf(gate, personIsAt()) }),
        ),
        ...saveDrift(db, key, { found: judged.drift, nowMs, guard: gate }),
        ...settleValues(db, scope.organizationId, {
          people: judgedValues(judged),
          nowMs,
          guard: gate,
        }),
        ...savePages(db, lease, { rows, guard: gate }),
        ...(commit.also?.(gate) ?? []),
        ...writeAroundPeople(db, people),
        ...writePeople(db, people),
      ]
    },
  })
  if (answers === null) return false
  if (isLast) await countLeft(work, judged, answers)
  return true
}

/** Whoever's statements change, with what is still found of them; whoever is unchanged costs no look. */
function judgedValues({ writes, drift }: JudgedPage): readonly JudgedValues[] {
  const found = Map.groupBy(drift, ({ personId }) => personId ?? '')
  return writes
    .filter(({ view }) => view !== null)
    .map(({ personId, personVersion: version }) => ({
      personId,
      version,
      fingerprints: (found.get(personId) ?? []).map(({ fingerprint }) => fingerprint),
    }))
}

/** Events are small, so that a number of them is a size. */
function jsonListStatements<T, S>(
  list: readonly T[],
  make: (part: readonly T[]) => S,
): readonly S[] {
  return list.length === 0 ? [] : [make(list)]
}

function pageCounts({ writes, creates, drift }: JudgedPage): Partial<Counts> {
  return {
    changed: writes.filter(
      (one) => one.changed.length > 0 || one.isDeactivated || one.isReactivated,
    ).length,
    deactivated: writes.filter((one) => one.isDeactivated).length,
    reactivated: writes.filter((one) => one.isReactivated).length,
    created: creates.length,
    drift: drift.length,
  }
}

/** Counts whom the last attempt left as they are. */
async function countLeft(
  work: Work,
  { writes }: JudgedPage,
  answers: readonly unknown[],
): Promise<void> {
  const written = new Set(
    answers
      .flatMap((rows) => (Array.isArray(rows) ? (rows as { id?: string }[]) : []))
      .map(({ id }) => id),
  )
  const left = writes.filter(({ personId }) => !written.has(personId)).length
  if (writes.length === 0) return
  const done = writes.length - left
  await work.write({
    next: { counts: addCounts(work.run().counts, { left: -done, changed: -left }) },
    guard: always,
    statements: () => [],
  })
}
