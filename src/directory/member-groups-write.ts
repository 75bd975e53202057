import { and, eq, sql } from 'drizzle-orm'
import { allOf, type Database, type Guard, runBatch, type Statement, tables } from '../db/index.ts'
import { limits, sha256Hex } from '../kernel/index.ts'
import { groupsClaim } from './default-names.ts'
import { peopleById, type Tried } from './preview-store.ts'
import { type Resolved, resolve } from './resolve.ts'
import { loadRules, mappingStands, type OrganizationRules, rulesetFor } from './ruleset-store.ts'
import { movedKeys, searchKeys } from './search-keys.ts'
import { mergeView, type SourceView, statementOf, viewFingerprintText } from './source-view.ts'

const { people, sourceViews } = tables

/** How often the groups are written anew because somebody else wrote the person in between. */
const attempts = 3

export type LearntGroups = {
  readonly organizationId: string
  readonly personId: string
  /** When the sign-in was that could not carry them: a later one knows better. */
  readonly signedInAt: number
  readonly groups: readonly string[]
}

/**
 * Stores the groups of a sign-in that had too many to say, as if it had said them: only while it is the person's last
 * one, and within the size that is kept of one source, since a list cut short would be a wrong one.
 * @param also what belongs into the same batch, under its guard
 * @returns whether they are stored
 */
export async function learnGroups(
  db: Database,
  learnt: LearntGroups,
  also: (guard: Guard) => readonly Statement[],
): Promise<boolean> {
  const { organizationId, personId, signedInAt, groups } = learnt
  if (groups.join().length > limits.sourceViewLength) return false
  for (let attempt = 0; attempt < attempts; attempt++) {
    const rules = await loadRules(db, organizationId)
    const [found] = await peopleById(db, organizationId, [personId])
    const before = found?.views.find(({ source }) => source === 'saml')
    if (rules === null || found === undefined || before?.at !== signedInAt) return false
    const values = statementOf(before, groupsClaim)?.values
    if (values !== undefined && values.join() === groups.join()) return true
    const view = mergeView(before, {
      source: 'saml',
      at: signedInAt,
      stated: new Map([[groupsClaim, groups]]),
    })
    if (await write(db, { found, view, groups, rules }, also)) return true
  }
  return false
}

async function write(
  db: Database,
  change: {
    found: Tried
    view: SourceView
    groups: readonly string[]
    rules: OrganizationRules
  },
  also: (guard: Guard) => readonly Statement[],
): Promise<boolean> {
  const { found, view, groups, rules } = change
  const { person, views } = found
  const { definitions, mapping, version } = rulesetFor(rules, person.connectionId)
  const others = views.filter(({ source }) => source !== 'saml')
  const resolved: Resolved = resolve(definitions, mapping, [...others, view])
  const sha256 = await sha256Hex(viewFingerprintText(view))
  const isView = and(eq(sourceViews.personId, person.id), eq(sourceViews.source, 'saml'))
  const guard = allOf(
    sql`exists (select 1 from ${people} where id = ${person.id} and organization_id = ${person.organizationId} and version = ${person.version})`,
    sql`exists (select 1 from ${sourceViews} where person_id = ${person.id} and source = 'saml' and at = ${view.at})`,
    mappingStands(person.organizationId, version),
  )
  const results = await runBatch(db, [
    ...also(guard),
    db.update(sourceViews).set({ attributes: view.attributes, sha256 }).where(and(isView, guard)),
    // Last: it moves the version that the others look for.
    db
      .update(people)
      .set({
        groups,
        profile: resolved.profile,
        provenance: resolved.provenance,
        ...movedKeys(person, searchKeys(resolved.profile, person.userNameKey)),
        mappingVersion: version,
        version: person.version + 1,
      })
      .where(and(eq(people.id, person.id), guard))
      .returning({ id: people.id }),
  ])
  return (results.at(-1) as readonly unknown[]).length === 1
}
