import { type SQL, sql } from 'drizzle-orm'
import { tables } from '../../db/index.ts'
import { userSchema } from '../schema/user-schema.ts'
import type { Filter } from './filter.ts'
import { emailKey, indexedAs } from './index-keys.ts'
import { type Layout, neededBy, neededElements, type Scope, type Source } from './scope-store.ts'

const { groupMembers, groups, people, personKeys, scimUsers } = tables

/** Where users have their attributes: `p` is `people`, `s` is `scim_users`, empty for whom SCIM never wrote. */
export const userLayout: Layout = {
  documents: { view: sql`s.view`, folded: sql`s.folded` },
  columns: {
    id: sql`p.id`,
    userName: sql`p.user_name_key`,
    externalId: sql`p.external_id`,
    // What SCIM says, whatever other sources deny.
    active: sql`(1 - p.denied_by_scim)`,
    'meta.resourceType': sql`'User'`,
    'meta.created': sql`p.created_at`,
    'meta.lastModified': sql`ifnull(s.modified_at, p.created_at)`,
  },
  lists: {
    schemas: {
      from: sql`(select ${sql.raw(`'${userSchema.id}'`)} urn union all select key from json_each(s.view) where substr(key, 1, 4) = 'urn:') u where 1`,
      parts: { '': sql`u.urn` },
    },
    groups: {
      from: sql`${groupMembers} m cross join ${groups} x where m.member_id = p.id and x.id = m.group_id and x.organization_id = p.organization_id and x.connection_id = ifnull(p.connection_id, '')`,
      parts: { value: sql`x.id`, display: sql`x.display_name_key`, type: sql`'direct'` },
    },
  },
}

/** The users that a credential sees. */
export function isUserOf({ organizationId, connectionId }: Scope): SQL {
  return sql`p.organization_id = ${organizationId} and p.connection_id is ${connectionId} and p.retired_at is null`
}

/**
 * The rows that users are read from. With an indexed `eq` among what the filter demands, those that have the
 * value; otherwise everybody of the connection, in the order of an index. The indexes are named, because
 * SQLite without statistics takes a wrong one (DESIGN 6).
 * @param inOrderOf the column that the list is sorted by, where an index has its order
 */
export function usersSource(
  filter: Filter | null,
  scope: Scope,
  inOrderOf: 'id' | 'userName' = 'id',
): Source {
  const found = filter === null ? null : indexedSource(filter, scope)
  if (found !== null) return found
  const index = inOrderOf === 'id' ? sql`people_listed` : sql`people_user_name`
  return { from: sql`${people} p indexed by ${index}`, where: sql`1` }
}

/** Columns with an index of their own: the fewest rows first. */
const indexed: readonly (readonly [string, (value: string) => Source])[] = [
  ['id', (value) => ({ from: sql`${people} p`, where: sql`p.id = ${value}` })],
  [
    'userName',
    (value) => ({
      from: sql`${people} p indexed by people_user_name`,
      where: sql`p.user_name_key = ${value}`,
    }),
  ],
  [
    'externalId',
    (value) => ({
      from: sql`${people} p indexed by people_external_id`,
      where: sql`p.external_id = ${value}`,
    }),
  ],
]

function indexedSource(filter: Filter, scope: Scope): Source | null {
  const needed = neededBy(filter)
  for (const [name, source] of indexed) {
    const one = needed.find(({ path }) => path.schema === null && path.attribute.name === name)
    if (one !== undefined) return source(one.value)
  }
  const key = neededKey(filter)
  if (key !== null) {
    return {
      from: sql`${personKeys} k cross join ${people} p`,
      where: sql`k.organization_id = ${scope.organizationId} and k.attribute = ${key.attribute} and k.value = ${key.value} and p.id = k.person_id`,
    }
  }
  const group = needed.find(
    ({ path }) => path.attribute.name === 'groups' && path.sub?.name === 'value',
  )
  if (group === undefined) return null
  return {
    from: sql`${groupMembers} d cross join ${people} p`,
    where: sql`d.group_id = ${group.value} and p.id = d.member_id`,
  }
}

/** A value of `person_keys` that the filter demands: an attribute's, or that of an email of a type. */
function neededKey(filter: Filter): { attribute: string; value: string } | null {
  for (const { path, value } of neededBy(filter)) {
    const attribute = indexedAs(path)
    if (attribute !== null) return { attribute, value }
  }
  for (const { path, needed } of neededElements(filter)) {
    if (path.attribute.name !== 'emails') continue
    const value = needed.find((one) => one.path.attribute.name === 'value')?.value
    const type = needed.find((one) => one.path.attribute.name === 'type')?.value ?? null
    if (value !== undefined) return { attribute: emailKey(type), value }
  }
  return null
}

/** What joins the documents to `p`; SQLite leaves it out where nothing asks for them. */
export const withDocuments: SQL = sql`left join ${scimUsers} s on s.person_id = p.id`
