import { type SQL, sql } from 'drizzle-orm'
import { tables } from '../../db/index.ts'
import { groupSchema } from '../schema/group-schema.ts'
import type { Filter } from './filter.ts'
import { type Layout, neededBy, neededElements, type Scope, type Source } from './scope-store.ts'

const { groupMembers, groups, people } = tables

/** Where groups have their attributes: `g` is `groups`. */
export const groupLayout: Layout = {
  documents: { view: sql`g.view`, folded: sql`g.folded` },
  columns: {
    id: sql`g.id`,
    displayName: sql`g.display_name_key`,
    externalId: sql`g.external_id`,
    'meta.resourceType': sql`'Group'`,
    'meta.created': sql`g.created_at`,
    'meta.lastModified': sql`g.modified_at`,
  },
  lists: {
    schemas: {
      from: sql`(select ${sql.raw(`'${groupSchema.id}'`)} urn union all select key from json_each(g.view) where substr(key, 1, 4) = 'urn:') u where 1`,
      parts: { '': sql`u.urn` },
    },
    // `m.member_id = ?` stays bare: with the group it is the primary key, and no other member is read.
    members: {
      from: sql`${groupMembers} m where m.group_id = g.id`,
      parts: {
        value: sql`m.member_id`,
        type: sql`case substr(m.member_id, 1, 4) when 'grp_' then 'group' else 'user' end`,
        display: sql`ifnull((select user_name_key from ${people} where id = m.member_id), (select display_name_key from ${groups} where id = m.member_id))`,
      },
    },
  },
}

/** The groups that a credential sees. */
export function isGroupOf({ organizationId, connectionId }: Scope): SQL {
  return sql`g.organization_id = ${organizationId} and g.connection_id = ${connectionId ?? ''}`
}

/** The rows that groups are read from, as `usersSource` does it for users. */
export function groupsSource(filter: Filter | null): Source {
  const needed = filter === null ? [] : neededBy(filter)
  for (const [name, source] of indexed) {
    const one = needed.find(({ path }) => path.schema === null && path.attribute.name === name)
    if (one !== undefined) return source(one.value)
  }
  const inside = filter === null ? [] : neededElements(filter)
  const member =
    needed.find(({ path }) => path.attribute.name === 'members' && path.sub?.name === 'value') ??
    inside
      .filter(({ path }) => path.attribute.name === 'members')
      .flatMap((one) => one.needed)
      .find(({ path }) => path.attribute.name === 'value')
  if (member === undefined) {
    return { from: sql`${groups} g indexed by groups_listed`, where: sql`1` }
  }
  return {
    from: sql`${groupMembers} d indexed by group_members_member cross join ${groups} g`,
    where: sql`d.member_id = ${member.value} and g.id = d.group_id`,
  }
}

/** Columns with an index of their own: the fewest rows first. */
const indexed: readonly (readonly [string, (value: string) => Source])[] = [
  ['id', (value) => ({ from: sql`${groups} g`, where: sql`g.id = ${value}` })],
  [
    'displayName',
    (value) => ({
      from: sql`${groups} g indexed by groups_display_name`,
      where: sql`g.display_name_key = ${value}`,
    }),
  ],
  [
    'externalId',
    (value) => ({
      from: sql`${groups} g indexed by groups_external_id`,
      where: sql`g.external_id = ${value}`,
    }),
  ],
]
