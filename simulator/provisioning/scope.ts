import {
  findDeletedUser,
  findUser,
  isAssigned,
  type Sql,
  textIn,
  type User,
} from '../directory/index.ts'
import type { Job, ScopingClause } from './job-model.ts'
import { type Source, sourceValue } from './source-attributes.ts'

type Test = (value: string, wanted: string) => boolean

/** The operators of a scoping filter's clauses, over a value as text; empty when there is none. */
const operators: Readonly<Record<ScopingClause['operator'], Test>> = {
  EQUALS: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  'NOT EQUALS': (value, wanted) => value.toLowerCase() !== wanted.toLowerCase(),
  'IS TRUE': (value) => value === 'True',
  'IS FALSE': (value) => value === 'False',
  'IS NULL': (value) => value === '',
  'IS NOT NULL': (value) => value !== '',
  'REGEX MATCH': (value, wanted) => new RegExp(`^(?:${wanted})$`).test(value),
  'NOT REGEX MATCH': (value, wanted) => !new RegExp(`^(?:${wanted})$`).test(value),
  INCLUDES: (value, wanted) => value.toLowerCase().includes(wanted.toLowerCase()),
}

/** Somebody of the directory, deleted or not; null when they are gone for ever. */
export function findPerson(
  sql: Sql,
  id: string,
): { readonly user: User; readonly isDeleted: boolean } | null {
  const user = findUser(sql, id)
  if (user !== null) return { user, isDeleted: false }
  const deleted = findDeletedUser(sql, id)
  return deleted === null ? null : { user: deleted, isDeleted: true }
}

/** Whether a job provisions somebody: assigned (directly, or as a direct member), and let through by a filter. */
export function isInScope(sql: Sql, job: Job, user: User): boolean {
  if (job.scope === 'assigned' && !isAssigned(sql, job.appId, user.id)) return false
  const source: Source = { user, isSoftDeleted: false, roles: [] }
  if (job.scopingFilters.length === 0) return true
  return job.scopingFilters.some((clauses) => clauses.every((clause) => holds(source, clause)))
}

function holds(source: Source, { attribute, operator, value }: ScopingClause): boolean {
  const found = sourceValue(source, attribute)
  return operators[operator]([found ?? ''].flat().join(','), value)
}

/** Ids of everybody whom a job may have to look at when it reads the whole directory. */
export function everybody(sql: Sql, job: Job): readonly string[] {
  const rows =
    job.scope === 'all'
      ? sql.all('SELECT id FROM users WHERE deleted_at IS NULL ORDER BY id')
      : sql.all(
          `SELECT id FROM users WHERE deleted_at IS NULL AND id IN (
            SELECT principal_id FROM assignments WHERE app_id = ?1
            UNION SELECT m.member_id FROM assignments a JOIN memberships m ON m.group_id = a.principal_id
              WHERE a.app_id = ?1) ORDER BY id`,
          job.appId,
        )
  return rows.map((row) => textIn(row, 'id'))
}

/** Ids of all groups that a job provisions. Those nested in them are not. */
export function everyGroup(sql: Sql, job: Job): readonly string[] {
  if (!job.provisionsGroups) return []
  const rows =
    job.scope === 'all'
      ? sql.all('SELECT id FROM user_groups ORDER BY id')
      : sql.all(
          `SELECT id FROM user_groups WHERE id IN (
            SELECT principal_id FROM assignments WHERE app_id = ?) ORDER BY id`,
          job.appId,
        )
  return rows.map((row) => textIn(row, 'id'))
}

/** Whether a job provisions a group. */
export function isGroupInScope(sql: Sql, job: Job, groupId: string): boolean {
  if (!job.provisionsGroups) return false
  if (job.scope === 'all') return true
  const [row] = sql.all(
    'SELECT 1 AS found FROM assignments WHERE app_id = ? AND principal_id = ? LIMIT 1',
    job.appId,
    groupId,
  )
  return row !== undefined
}

/** The groups, of those that a job provisions, that somebody is a direct member of. */
export function groupsOf(sql: Sql, memberId: string): readonly string[] {
  return sql
    .all('SELECT group_id FROM memberships WHERE member_id = ? ORDER BY group_id', memberId)
    .map((row) => textIn(row, 'group_id'))
}
