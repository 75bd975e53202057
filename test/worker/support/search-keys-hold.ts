import { env } from 'cloudflare:workers'
import { afterEach, expect } from 'vitest'
import { searchKeys } from '../../../src/directory/index.ts'

type Row = {
  readonly id: string
  readonly nameKey: string
  readonly profile: string
  readonly searchName: string
  readonly searchFamily: string
  readonly searchEmail: string
}

// Whoever wrote a profile wrote what search finds the person by: imported by tests in which writers race.
afterEach(async function searchKeysHold() {
  const { results } = await env.DB.prepare(
    `select id, user_name_key as nameKey, profile, search_name as searchName, search_family as searchFamily, search_email as searchEmail
      from people where search_name is not null limit 2000`,
  ).all<Row>()
  const stale = results.flatMap(({ id, nameKey, profile, ...held }) => {
    const keys = searchKeys(JSON.parse(profile), nameKey)
    return JSON.stringify(held) === JSON.stringify(keys) ? [] : [{ id, held, keys }]
  })
  expect(stale).toEqual([])
})
