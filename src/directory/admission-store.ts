import { and, eq, exists, inArray, isNull, notExists, type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, runBatch, type Statement, tables } from '../db/index.ts'
import { foldCase, type KeyRing, keyedDigests } from '../kernel/index.ts'
import type { Admission, AdmissionFacts, Subject } from './admission.ts'
import type { SourceView } from './source-view.ts'

const { identities, people, sourceViews, tombstones } = tables

export type LoadedFacts = Omit<AdmissionFacts, 'firstLogin'> & {
  /** The candidates' source views, by person id: what a new profile is resolved from. */
  readonly views: ReadonlyMap<string, readonly SourceView[]>
}

/** Every name that bears on the subject, folded: those it may be recognized by, and the one it would get. */
function allNames(subject: Subject): readonly string[] {
  const names = subject.userName === null ? subject.names : [...subject.names, subject.userName]
  return [...new Set(names.map(foldCase))]
}

/** The keys under which an erased person of this identity or these names would be remembered. */
export async function tombstoneKeys(ring: KeyRing, subject: Subject): Promise<readonly string[]> {
  const digests = await Promise.all(
    allNames(subject).map((name) => keyedDigests(ring, 'tombstone', name)),
  )
  return [subject.identityKey, ...digests.flat().map((digest) => `name:${digest}`)]
}

/**
 * Everything `admit` needs, in one batch together with the caller's own reads.
 * @param others further reads of the same round trip; their results come back in order
 */
export async function loadAdmissionFacts(
  db: Database,
  input: { organizationId: string; subject: Subject; tombstoneKeys: readonly string[] },
  others: readonly Statement[],
): Promise<{ facts: LoadedFacts; others: readonly unknown[] }> {
  const nameKeys = [...allNames(input.subject)]
  const isBound = and(
    eq(identities.organizationId, input.organizationId),
    eq(identities.key, input.subject.identityKey),
  )
  const isNamed = and(
    eq(people.organizationId, input.organizationId),
    inArray(people.userNameKey, nameKeys),
    isNull(people.retiredAt),
  )
  const bound = db
    .select({ person: people })
    .from(identities)
    .innerJoin(people, eq(people.id, identities.personId))
    .where(isBound)
  const named = db
    .select({ person: people, boundKey: identities.key })
    .from(people)
    .leftJoin(identities, eq(identities.personId, people.id))
    .where(isNamed)
  const tombstone = db
    .select({
      personId: tombstones.personId,
      key: tombstones.key,
      wasBlocked: tombstones.wasBlocked,
    })
    .from(tombstones)
    .where(
      and(
        eq(tombstones.organizationId, input.organizationId),
        inArray(tombstones.key, [...input.tombstoneKeys]),
        isNull(tombstones.liftedAt),
      ),
    )
  const candidateIds = sql`(select ${identities.personId} from ${identities} where ${isBound} union all select ${people.id} from ${people} where ${isNamed})`
  const views = db.select().from(sourceViews).where(sql`${sourceViews.personId} in ${candidateIds}`)
  const results = await runBatch(db, [bound, named, tombstone, views, ...others])
  const [boundRows, namedRows, tombstoneRows, viewRows, ...rest] = results as [
    Awaited<typeof bound>,
    Awaited<typeof named>,
    Awaited<typeof tombstone>,
    Awaited<typeof views>,
    ...unknown[],
  ]
  const boundPerson = boundRows[0]?.person ?? null
  const { identityKey } = input.subject
  return {
    facts: {
      bound: boundPerson,
      named: namedRows,
      tombstonePersonId: tombstoneRows[0]?.personId ?? null,
      blockedTombstonePersonId:
        tombstoneRows.find(({ key, wasBlocked }) => wasBlocked && key === identityKey)?.personId ??
        null,
      views: groupViews(viewRows),
    },
    others: rest,
  }
}

function groupViews(
  rows: readonly (typeof sourceViews.$inferSelect)[],
): ReadonlyMap<string, readonly SourceView[]> {
  const byPerson = new Map<string, SourceView[]>()
  for (const row of rows) {
    const view: SourceView = {
      source: row.source,
      at: row.at,
      attributes: row.attributes as SourceView['attributes'],
    }
    byPerson.set(row.personId, [...(byPerson.get(row.personId) ?? []), view])
  }
  return byPerson
}

/** Whether somebody was erased with the identity while an operator blocked them, and no operator lifted that. */
export function blockedTombstone(organizationId: string, identityKey: string): Guard {
  return sql`exists (select 1 from ${tombstones} where organization_id = ${organizationId} and key = ${identityKey} and was_blocked and lifted_at is null)`
}

/**
 * What must still be true when the decision is written, checked inside the batch: the person has not
 * changed since, or nobody has taken the name or the identity in the meantime.
 */
export function admissionGuard(
  db: Database,
  input: { organizationId: string; subject: Subject; tombstoneKeys: readonly string[] },
  admission: Admission,
): Guard {
  const { organizationId, subject } = input
  const identityRow = db
    .select({ one: sql`1` })
    .from(identities)
    .where(
      and(eq(identities.organizationId, organizationId), eq(identities.key, subject.identityKey)),
    )
  if (admission.kind === 'known') {
    const { person, rename } = admission
    const stillKnown = all(exists(unchanged(person)), exists(identityRow))
    return rename === null ? stillKnown : all(stillKnown, notExists(named([foldCase(rename)])))
  }
  const tombstoneRow = db
    .select({ one: sql`1` })
    .from(tombstones)
    .where(
      and(
        eq(tombstones.organizationId, organizationId),
        inArray(tombstones.key, [...input.tombstoneKeys]),
        isNull(tombstones.liftedAt),
      ),
    )
  if (admission.kind === 'bind') {
    const { person } = admission
    const otherBinding = db
      .select({ one: sql`1` })
      .from(identities)
      .where(eq(identities.personId, person.id))
    const blocked = blockedTombstone(organizationId, subject.identityKey)
    return all(
      exists(unchanged(person)),
      notExists(otherBinding),
      notExists(identityRow),
      sql`not ${blocked}`,
    )
  }
  return all(notExists(identityRow), notExists(named(allNames(subject))), notExists(tombstoneRow))

  function named(nameKeys: readonly string[]) {
    return db
      .select({ one: sql`1` })
      .from(people)
      .where(
        and(
          eq(people.organizationId, organizationId),
          inArray(people.userNameKey, [...nameKeys]),
          isNull(people.retiredAt),
        ),
      )
  }

  function unchanged(person: { id: string; version: number }) {
    return db
      .select({ one: sql`1` })
      .from(people)
      .where(
        and(
          eq(people.id, person.id),
          eq(people.organizationId, organizationId),
          eq(people.version, person.version),
          eq(people.active, true),
          isNull(people.retiredAt),
        ),
      )
  }
}

function all(...conditions: readonly SQL[]): Guard {
  return sql`(${sql.join([...conditions], sql` and `)})`
}
