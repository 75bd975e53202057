import { type SQL, sql } from 'drizzle-orm'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { allOf, tables } from '../../src/db/index.ts'
import { renderSql } from '../../src/db/render.ts'

const { people, scimTokens } = tables
const dialect = new SQLiteSyncDialect({ casing: 'snake_case' })

const statements: Readonly<Record<string, SQL>> = {
  text: sql`select 1`,
  'values of every kind': sql`select ${'a'}, ${1}, ${null}, ${true}, ${-0.5}`,
  tables: sql`select count(*) from ${people} p cross join ${scimTokens}`,
  'columns in their case': sql`select ${people.userNameKey}, ${scimTokens.tokenSha256} from ${people}`,
  names: sql`insert into ${people} (${sql.join([sql.identifier('id'), sql.identifier('user_name')], sql`, `)}) select 1, 2`,
  'values as their columns store them': sql`select ${sql.param({ a: ['b'] }, people.profile)}, ${sql.param(true, people.active)}, ${sql.param(null, people.externalId)}`,
  'guards in guards': allOf(sql`${people.id} = ${'x'}`, allOf(sql`1`, sql`2 = ${2}`)),
  'raw text': sql`substr(a, ${sql.raw('-3')})`,
  nothing: sql``,
}

describe('the text of a statement', () => {
  for (const [what, statement] of Object.entries(statements)) {
    it(`is what Drizzle makes of it: ${what}`, () => {
      const { sql: text, params } = dialect.sqlToQuery(statement)
      expect(renderSql(statement)).toEqual({ sql: text, params })
    })
  }

  it('is left to Drizzle where there is more in it than values and names', () => {
    expect(renderSql(sql`select ${sql.placeholder('a')}`)).toBeNull()
    expect(renderSql(sql`select ${sql.param(sql.placeholder('a'), people.id)}`)).toBeNull()
    expect(renderSql(sql`select ${sql`1`.as('one')}`)).toBeNull()
    expect(renderSql(sql`select 1 where 1 in ${[1, 2]}`)).toBeNull()
  })
})
