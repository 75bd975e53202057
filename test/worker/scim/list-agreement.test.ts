import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matches } from '../../../src/scim/filter/matches.ts'
import { parseFilter } from '../../../src/scim/filter/parse-filter.ts'
import { renderGroup, renderMember, renderUser } from '../../../src/scim/render.ts'
import { enterprise, listWorld, startMs, value } from './list-world.ts'

const custom = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

/** Few words, so that filters find somebody; among them what SQLite would fold, escape or order differently. */
const words = [
  'Ann',
  'ann',
  'ÄB',
  'äb',
  'a%',
  'a_',
  "O'Hara",
  'b"c',
  'd\\e',
  '𝒳',
  '\uffee',
  'work',
  'x?',
]
const word = fc.constantFrom(...words)

const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })

/** Views as the directory stores them: nothing blank. */
const view = fc
  .record({
    displayName: optional(word),
    title: optional(fc.oneof(word, fc.constant(42), fc.constant(true))),
    name: optional(fc.record({ givenName: word, familyName: optional(word) })),
    emails: optional(
      fc.array(
        fc.oneof(
          fc.record({ value: word, type: optional(word), primary: optional(fc.boolean()) }),
          fc.record({ type: word, primary: optional(fc.boolean()) }),
          word,
        ),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    photos: optional(fc.array(fc.record({ value: word, type: optional(word) }), { minLength: 1 })),
    [enterprise]: optional(
      fc.record({ department: word, manager: optional(fc.record({ value: word })) }),
    ),
    [custom]: optional(
      fc.oneof(
        fc.record({ shoe: word }),
        fc.record({ shoe: fc.array(fc.oneof(word, fc.record({ value: word })), { minLength: 1 }) }),
      ),
    ),
  })
  .map((one) => JSON.parse(JSON.stringify(one)) as Record<string, unknown>)

const texts = [
  'userName',
  'externalId',
  'displayName',
  'title',
  'name.givenName',
  'name.familyName',
  'emails',
  'emails.type',
  'photos.value',
  'groups.display',
  'groups',
  'schemas',
  'photos',
  'department',
  'manager',
  'manager.value',
  'meta.resourceType',
  `${custom}:shoe`,
]

const quotedWord = word.map((text) => JSON.stringify(text))
const textComparison = (paths: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...paths),
      fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'),
      fc.oneof(quotedWord, quotedWord, fc.constantFrom('""', '"A"', '"e"')),
    )
    .map((parts) => parts.join(' '))
const otherComparison = fc.constantFrom(
  'active eq true',
  'active ne "True"',
  'emails.primary eq false',
  'emails.primary ne false',
  'emails pr',
  'name pr',
  'emails.value pr',
  'title pr',
  'title eq null',
  'title ne null',
  'groups pr',
  `${custom}:shoe pr`,
  `${custom}:shoe eq null`,
  'emails.type eq null',
  'groups.value eq "grp_a"',
  'groups[display eq "ann"]',
  'groups ne "grp_a"',
  'manager[value eq "ann"]',
  `meta.created gt "${new Date(startMs + 10).toISOString()}"`,
  `meta.lastModified le "${new Date(startMs + 20).toISOString()}"`,
  `schemas eq "${enterprise}"`,
)
const element = fc.oneof(
  textComparison(['value', 'type', 'display']),
  fc.constantFrom('primary eq true', 'primary eq "False"', 'value pr', 'not (type pr)'),
)
const elements = fc
  .tuple(fc.constantFrom('emails', 'photos'), element, fc.constantFrom('and', 'or'), element)
  .filter(([list, one, , other]) => list === 'emails' || !`${one}${other}`.includes('display'))
  .map(([list, one, joint, other]) => `${list}[${one} ${joint} ${other}]`)
const typedEmail = fc
  .tuple(quotedWord, quotedWord)
  .map(([type, text]) => `emails[type eq ${type}].value eq ${text}`)

const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'filter' },
    fc.oneof(textComparison(texts), textComparison(texts), otherComparison, elements, typedEmail),
    fc.tuple(tie('filter'), tie('filter')).map(([a, b]) => `(${a}) and ${b}`),
    fc.tuple(tie('filter'), tie('filter')).map(([a, b]) => `${a} or ${b}`),
    tie('filter').map((one) => `not (${one})`),
  ),
}))

describe('SQL and memory agree', () => {
  it('on users, whatever the filter', async () => {
    const { addUser, addGroup, users, find } = await listWorld()
    const views = fc.sample(fc.option(view, { freq: 5 }), { numRuns: 40, seed: 7 })
    for (const [i, one] of views.entries()) {
      await addUser({
        id: `usr_${String(i).padStart(3, '0')}`,
        userName: `${words[i % words.length]}${i}`,
        externalId: i % 3 === 0 ? null : `${words[i % words.length]}`,
        active: i % 4 !== 0,
        view: one,
        createdAt: startMs + i,
        modifiedAt: startMs + 2 * i,
      })
    }
    await addGroup({ id: 'grp_a', displayName: 'Ann', members: ['usr_001', 'usr_002'] })
    await addGroup({ id: 'grp_b', displayName: 'ÄB', members: ['usr_002', 'usr_003', 'usr_010'] })
    const everybody = value(await users()).users.map((user) =>
      renderUser(user, 'https://p.example'),
    )
    expect(everybody).toHaveLength(40)
    let found = 0
    await fc.assert(
      fc.asyncProperty(filter, async (text) => {
        const parsed = value(parseFilter(text, 'User'))
        const expected = everybody.filter((one) => matches(parsed, one)).map((one) => one['id'])
        expect(await find(text)).toEqual(expected)
        found += Math.min(1, expected.length)
      }),
      { numRuns: 250, seed: 11 },
    )
    expect(found).toBeGreaterThan(60)
  })

  it('on groups', async () => {
    const { addUser, addGroup, groups, findGroups } = await listWorld()
    for (const id of ['usr_1', 'usr_2']) await addUser({ id, userName: `${id}@Contoso.example` })
    await addGroup({ id: 'grp_a', displayName: 'Ärzte', externalId: 'A', members: ['usr_1'] })
    await addGroup({ id: 'grp_b', displayName: 'b%', members: ['usr_1', 'usr_2', 'grp_a'] })
    await addGroup({ id: 'grp_c', displayName: 'C', view: { 'urn:x:1.0:Group': { a: 'b' } } })
    const page = value(await groups({}, true))
    const everything = page.groups.map(
      (group): Readonly<Record<string, unknown>> => ({
        ...renderGroup(group, 'https://p.example'),
        members: (page.members.get(group.id) ?? []).map((one) => renderMember(one, '')),
      }),
    )
    const filters = [
      'displayName eq "ärzte"',
      'displayName sw "ÄR" or displayName co "%"',
      'externalId eq "A"',
      'externalId eq "a"',
      'externalId ne "A"',
      'not (externalId pr)',
      'members eq "usr_1"',
      'members.value eq "usr_2" and id eq "grp_b"',
      'members eq "usr_2" and id eq "grp_a"',
      'members[value eq "usr_1" and type eq "user"]',
      'members[type eq "Group"]',
      'members.display co "USR_2@CONTOSO"',
      'members.display eq "ärzte"',
      'members ne "usr_1"',
      'members pr',
      'not (members pr)',
      'schemas eq "urn:x:1.0:Group"',
      'meta.resourceType eq "Group" and id gt "grp_a"',
      `meta.lastModified ge "${new Date(startMs).toISOString()}"`,
    ]
    for (const text of filters) {
      const parsed = value(parseFilter(text, 'Group'))
      const expected = everything.filter((one) => matches(parsed, one)).map((one) => one['id'])
      expect([text, await findGroups(text)]).toEqual([text, expected])
    }
  })
})
