import { type SQL, sql } from 'drizzle-orm'
import { always, type Database, type Guard, runBatch, type Statement, tables } from '../db/index.ts'
import { type JudgedPerson, type MadeAnew, makeAnew, type OlderPerson } from './resolve-anew.ts'
import { mappingStands, readRulesAnswer, rulesQuery } from './ruleset-store.ts'

const { organizations, people, sourceViews } = tables

/** People whom one page makes anew at most: few enough for the time that an invocation has. */
export const resolvePageSize = 200

/** People whom one page looks at for those to be made anew: reading this many takes SQLite some tens of milliseconds. */
export const resolveWindow = 10_000

/** One page of a re-resolve: what is to be written, and where the next one begins. */
export type ResolvedPage =
  /** Nobody is left whose profile an older version made. */
  | { readonly kind: 'done'; readonly version: number }
  | {
      readonly kind: 'page'
      /** The version of the mapping that the page goes by; its writes do nothing once that has moved. */
      readonly version: number
      readonly statements: readonly Statement[]
      /** Where the next page begins: opaque, and empty for a new round, in case somebody changed while a page was made. */
      readonly after: string
      readonly people: number
      /** Those whose profile or provenance is another one. */
      readonly changed: number
      /** Those who were judged, with what of them comes to no value though it should; nobody who may not sign in. */
      readonly judged: readonly JudgedPerson[]
    }

/**
 * Makes the next people's profiles anew from their source views, those whom an older version of the mapping made.
 * One call, or two where it finds nobody; the writes are the caller's, in one batch with its own checkpoint. Whoever changed in between is left
 * alone, and found again: the pages begin anew until a whole round finds nobody.
 * @param guard what must hold when the page is written
 * @param after as the page before gave it; empty for the first
 * @returns the page, or null when there is no such organization
 */
export async function resolvePage(
  db: Database,
  organizationId: string,
  {
    after,
    limit,
    nowMs,
    guard = always,
  }: { after: string; limit: number; nowMs: number; guard?: Guard },
): Promise<ResolvedPage | null> {
  const from = readPosition(after)
  const [ruled, listed] = await runBatch(db, [
    rulesQuery(db, sql`${organizationId}`),
    pageQuery(db, organizationId, { after: from.id, limit: Math.min(limit, resolvePageSize) }),
  ])
  const rules = readRulesAnswer(ruled)
  if (rules === null) return null
  const { version } = rules
  const { made, judged } = makeAnew(listed as readonly OlderPerson[], rules)
  const last = made.at(-1)
  if (last === undefined) return lookFurther(db, { organizationId, from, version })
  return {
    kind: 'page',
    version,
    statements: writePage(db, organizationId, { made, version, nowMs, guard }),
    after: writePosition({ id: last.id, hasFound: true }),
    people: made.length,
    changed: made.filter(({ changed }) => changed === 1).length,
    judged,
  }
}

/** What follows where a page has found nobody: further people, another round, or the end. */
async function lookFurther(
  db: Database,
  { organizationId, from, version }: { organizationId: string; from: Position; version: number },
): Promise<ResolvedPage> {
  const [answer] = await runBatch(db, [
    db.all(
      sql`select id from ${people} where organization_id = ${organizationId} and id > ${from.id} order by id limit 1 offset ${resolveWindow - 1}`,
    ),
  ])
  const end = (answer as readonly { id: string }[])[0]?.id ?? null
  if (end === null && !from.hasFound) return { kind: 'done', version }
  const after = end === null ? '' : writePosition({ ...from, id: end })
  return { kind: 'page', version, statements: [], after, people: 0, changed: 0, judged: [] }
}

/** Where a round stands, and whether it has found anybody yet. */
type Position = { readonly id: string; readonly hasFound: boolean }

const found = '+'

function readPosition(text: string): Position {
  return text.startsWith(found)
    ? { id: text.slice(found.length), hasFound: true }
    : { id: text, hasFound: false }
}

function writePosition({ id, hasFound }: Position): string {
  return hasFound ? `${found}${id}` : id
}

function pageQuery(
  db: Database,
  organizationId: string,
  { after, limit }: { after: string; limit: number },
): Statement {
  return db.all(
    sql`select p.id, p.connection_id as "connectionId", p.active, p.version, p.profile, p.provenance,
      p.user_name_key as "userNameKey", p.search_name as "searchName", p.search_family as "searchFamily", p.search_email as "searchEmail",
      (select json_group_array(json_object('source', v.source, 'at', v.at, 'attributes', json(v.attributes)))
        from ${sourceViews} v where v.person_id = p.id) as views
      from (select * from ${people} where organization_id = ${organizationId} and id > ${after} order by id limit ${resolveWindow}) p
      where p.mapping_version < (select mapping_version from ${organizations} where id = ${organizationId})
      order by p.id limit ${limit}`,
  )
}

/**
 * One statement for the page, and another for those whom search is to find by something else. The list is the outer loop: `+` keeps the organization's index, by which SQLite would
 * go through everybody, out of it. Only the version of the mapping is written of whoever stays as they are.
 */
function writePage(
  db: Database,
  organizationId: string,
  {
    made,
    version,
    nowMs,
    guard,
  }: { made: readonly MadeAnew[]; version: number; nowMs: number; guard: Guard },
): readonly Statement[] {
  const write = (list: readonly MadeAnew[], more: SQL) =>
    list.length === 0 ? [] : [update(list, more)]
  return [
    ...write(
      made.filter(({ keys }) => keys === null),
      sql``,
    ),
    ...write(
      made.filter(({ keys }) => keys !== null),
      sql`, search_name = coalesce(j.value ->> '$.keys.searchName', people.search_name),
      search_family = coalesce(j.value ->> '$.keys.searchFamily', people.search_family),
      search_email = coalesce(j.value ->> '$.keys.searchEmail', people.search_email)`,
    ),
  ]

  function update(list: readonly MadeAnew[], more: SQL): Statement {
    return db.run(
      sql`update ${people} set mapping_version = ${version},
      profile = coalesce(j.value ->> 'profile', people.profile),
      provenance = coalesce(j.value ->> 'provenance', people.provenance),
      version = people.version + (j.value ->> 'changed'),
      updated_at = iif(j.value ->> 'changed', ${nowMs}, people.updated_at) ${more}
      from json_each(${JSON.stringify(list)}) j
      where people.id = j.value ->> 'id' and +people.organization_id = ${organizationId}
        and people.version = j.value ->> 'version' and people.mapping_version < ${version}
        and ${mappingStands(organizationId, version)} and ${guard}`,
    )
  }
}
