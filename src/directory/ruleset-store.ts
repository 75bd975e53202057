import { type SQL, sql } from 'drizzle-orm'
import { type Database, type Guard, runBatch, type Statement, tables } from '../db/index.ts'
import { type AttributeDefinition, builtInAttributes, defineAttribute } from './attributes.ts'
import { effectiveMapping, type MappingChanges } from './effective-mapping.ts'
import type { Ruleset } from './ruleset.ts'

const { attributeDefinitions, connections, mappings, organizations } = tables

/** Claim names that the admins of connections chose, by connection. */
type ClaimNames = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** An organization's rules as stored, before a connection is chosen. */
export type OrganizationRules = {
  readonly version: number
  /** What the organization defined itself, in the order in which it did. */
  readonly custom: readonly AttributeDefinition[]
  /** What its mapping says otherwise than the default one; null when nothing. */
  readonly rules: MappingChanges | null
  readonly claimNames: ClaimNames
}

/**
 * All that decides an organization's profiles, as one JSON text: a column of a read that is made anyway. Null when
 * there is no such organization.
 * @param organizationId a value, or a column of the read
 */
export function rulesColumn(organizationId: SQL): SQL<string | null> {
  return sql<string | null>`(select json_object(
    'version', o.mapping_version,
    'custom', json((select json_group_array(json_object('key', d.key, 'label', d.label,
      'description', d.description, 'type', d.type, 'defaultValue', json(d.default_value),
      'multiValued', json(iif(d.multi_valued, 'true', 'false')),
      'required', json(iif(d.required, 'true', 'false')), 'createdAt', d.created_at))
      from ${attributeDefinitions} d where d.organization_id = o.id)),
    'rules', json((select m.rules from ${mappings} m where m.organization_id = o.id)),
    'claimNames', json((select json_group_object(c.id, json(c.claim_names)) from ${connections} c
      where c.organization_id = o.id and c.claim_names <> '{}')))
    from ${organizations} o where o.id = ${organizationId})`
}

/** Reads what `rulesColumn` selected. */
export function readRules(text: string): OrganizationRules {
  const stored = JSON.parse(text) as StoredRules
  const custom = stored.custom
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1))
    .map(({ createdAt: _createdAt, ...said }) => defineAttribute(said))
  return { ...stored, custom }
}

type StoredRules = Omit<OrganizationRules, 'custom'> & {
  readonly custom: readonly (Omit<AttributeDefinition, 'isSystem'> & {
    readonly createdAt: number
  })[]
}

/** The rules of an organization as a statement of the caller's batch: `readRulesAnswer` reads it. */
export function rulesQuery(db: Database, organizationId: SQL): Statement {
  return db.all(sql`select ${rulesColumn(organizationId)} as rules`)
}

/** What `rulesQuery` found, or null when there is no such organization. */
export function readRulesAnswer(answer: unknown): OrganizationRules | null {
  const text = (answer as readonly { rules: string | null }[])[0]?.rules ?? null
  return text === null ? null : readRules(text)
}

/** The rules for people of one connection: its admin's claim names are tried first. */
export function rulesetFor(
  { version, custom, rules, claimNames }: OrganizationRules,
  connectionId: string | null,
): Ruleset {
  return {
    version,
    definitions: custom.length === 0 ? builtInAttributes : [...builtInAttributes, ...custom],
    mapping: effectiveMapping({
      version,
      custom,
      changes: rules ?? {},
      claimNames: claimNames[connectionId ?? ''] ?? {},
    }),
  }
}

/** The rules of an organization as the primary holds them now, or null when it is gone. One call. */
export async function loadRules(
  db: Database,
  organizationId: string,
): Promise<OrganizationRules | null> {
  const [answer] = await runBatch(db, [rulesQuery(db, sql`${organizationId}`)])
  return readRulesAnswer(answer)
}

/**
 * Whether profiles are still made by this version: a condition of every batch that writes one, so that none is left
 * behind by a change of the mapping that came between.
 */
export function mappingStands(organizationId: string, version: number): Guard {
  return sql`exists (select 1 from ${organizations} where id = ${organizationId} and mapping_version = ${version})`
}

/** Counts the version of an organization's mapping up, while the guard holds: every older profile is to be made anew. */
export function moveMapping(db: Database, organizationId: string, guard: Guard): Statement {
  return db.run(
    sql`update ${organizations} set mapping_version = mapping_version + 1 where id = ${organizationId} and ${guard}`,
  )
}

/** The rules that whoever writes goes by: those an isolate remembers, and read again once a batch shows that they moved. */
export type RulesHolder = {
  readonly current: Ruleset
  /** The rules of this version, which a read has just shown: those at hand, or else they are read again. */
  at(db: Database, version: number): Promise<Ruleset>
  /** Reads them again. One call. */
  renew(db: Database): Promise<Ruleset>
}

/** Holds the rules for one connection's people, beginning with what was read. */
export function holdRules(
  key: { readonly organizationId: string; readonly connectionId: string | null },
  rules: OrganizationRules,
): RulesHolder {
  let current = rulesetFor(rules, key.connectionId)

  async function renew(db: Database): Promise<Ruleset> {
    const now = await loadRules(db, key.organizationId)
    if (now !== null && now.version > current.version) current = rulesetFor(now, key.connectionId)
    return current
  }

  return {
    get current() {
      return current
    },
    at: async (db, version) => (version === current.version ? current : renew(db)),
    renew,
  }
}
