import { beforeEach, describe, expect, it } from 'vitest'
import { baseUrl, enterprise, listUri, type RfcWorld, rfcWorld } from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

/** Four people who differ in what filters and orders look at. */
async function people(): Promise<void> {
  await scim.user('ann', {
    externalId: 'X1',
    title: 'Boss',
    userType: 'Employee',
    name: { givenName: 'Ann', familyName: 'Bloom' },
    emails: [
      { value: 'ann@work.example', type: 'work', primary: true },
      { value: 'ann@home.example', type: 'home' },
    ],
    [enterprise]: { department: 'Sales' },
  })
  await scim.user('Bob', {
    externalId: 'x1',
    title: 'clerk',
    userType: 'Intern',
    name: { givenName: 'bob', familyName: 'Aster' },
    emails: [{ value: 'bob@work.example', type: 'home' }],
  })
  await scim.user('cid', { active: false, title: 'Agent', userType: 'Employee' })
  await scim.user('dee', { userType: 'Employee', name: { familyName: 'Oak' } })
}

const named = async (filter: string) => (await scim.list('Users', { filter })).names

describe('a list', () => {
  it('is a ListResponse with its numbers [S7644-3.4.2-b S7644-3.4.2-c S7644-3.4.2-d S7644-3.4.2-e S7644-3.4.2-f S7644-3.1-a]', async () => {
    await people()
    const { status, body, found } = await scim.list('Users', { startIndex: '2', count: '2' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      schemas: [listUri],
      totalResults: 4,
      startIndex: 2,
      itemsPerPage: 2,
    })
    expect(found).toHaveLength(2)
  })

  it('that is empty is a success [S7644-3.4.2-g]', async () => {
    for (const query of [{}, { filter: 'userName eq "nobody"' }]) {
      const { status, body } = await scim.list('Users', query)
      expect([status, body['totalResults'], body['Resources'] ?? []]).toEqual([200, 0, []])
    }
  })

  it('ignores parameters that nobody knows [S7644-3.4.2-a]', async () => {
    await people()
    const { body } = await scim.list('Users', { aadOptscim062020: 'x', shoeSize: '44' })
    expect(body['totalResults']).toBe(4)
  })

  it('of the base URI holds users and groups [S7644-3.4.2.1-a]', async () => {
    await people()
    const group = await scim.group('Sales')
    const { status, body } = await scim.get('/')
    expect([status, body['totalResults']]).toEqual([200, 5])
    expect(JSON.stringify(body['Resources'])).toContain(`${baseUrl}/Groups/${group.id}`)
  })

  it('of the base URI is filtered by the same rules, and takes what a type lacks as without value [S7644-3.4.2.1-c S7644-3.4.2.1-d]', async () => {
    await people()
    await scim.group('ann')
    const totals = []
    for (const filter of [
      'userName eq "ann" or displayName eq "ann"',
      'userName pr',
      'meta.resourceType eq "Group"',
      'not (userName pr)',
    ]) {
      const { body } = await scim.get(`/?${new URLSearchParams({ filter })}`)
      totals.push(body['totalResults'])
    }
    expect(totals).toEqual([2, 4, 1, 1])
  })
})

describe('a filter', () => {
  beforeEach(people)

  it('returns only what matches [S7644-3.4.2.2-a]', async () => {
    expect(await named('userName eq "Bob"')).toEqual(['Bob'])
    expect(await named('active eq false')).toEqual(['cid'])
    expect(await named(`${enterprise}:department eq "Sales"`)).toEqual(['ann'])
  })

  it.each<[string, string[]]>([
    ['title eq "boss"', ['ann']],
    ['userName ne "ann" and title pr', ['Bob', 'cid']],
    ['name.familyName co "oo"', ['ann']],
    ['userName sw "B"', ['Bob']],
    ['title ew "RK"', ['Bob']],
    ['title pr', ['ann', 'Bob', 'cid']],
    ['title gt "b"', ['ann', 'Bob']],
    ['title ge "boss"', ['ann', 'Bob']],
    ['title lt "boss"', ['cid']],
    ['title le "boss"', ['ann', 'cid']],
    ['TITLE EQ "Boss"', ['ann']],
    ['not (userType eq "Employee")', ['Bob']],
    ['meta.created lt "2001-01-01T00:00:00Z"', []],
    ['emails.type eq "home"', ['ann', 'Bob']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"', ['ann']],
    [`schemas eq "${enterprise}"`, ['ann']],
    ['(userName eq "ann") or ((userName eq "cid"))', ['ann', 'cid']],
  ])('reads %s [S7644-3.4.2.2-j]', async (filter, names) => {
    expect(await named(filter)).toEqual(names)
  })

  it('evaluates groups, then not, and, or [S7644-3.4.2.2-k]', async () => {
    expect(await named('userName eq "dee" or title pr and userType eq "Intern"')).toEqual([
      'Bob',
      'dee',
    ])
    expect(await named('(userName eq "dee" or title pr) and userType eq "Intern"')).toEqual(['Bob'])
    expect(await named('not (title pr) or userName eq "ann" and title eq "x"')).toEqual(['dee'])
  })

  it('in brackets looks at one value at a time [S7644-3.4.2.2-h]', async () => {
    const value = 'value co "work.example"'
    expect(await named(`emails[type eq "home" and ${value}]`)).toEqual(['Bob'])
    expect(await named(`emails.type eq "home" and emails.${value}`)).toEqual(['ann', 'Bob'])
  })

  it('finds sub-attributes by their full names [S7644-3.4.2.2-l]', async () => {
    expect(await named('name.givenName eq "ann"')).toEqual(['ann'])
  })

  it('compares with and without case as caseExact says [S7644-3.4.2.2-o S7643-7-h]', async () => {
    expect(await named('externalId eq "x1"')).toEqual(['Bob'])
    expect(await named('userName eq "bOB"')).toEqual(['Bob'])
    expect(await named('title eq "BOSS"')).toEqual(['ann'])
  })

  it('compares a defaulted attribute by what was returned [S7644-3.4.2.2-m]', async () => {
    expect(await named('active eq true')).toEqual(['ann', 'Bob', 'dee'])
  })

  it('prepares strings before it compares them [S7644-7.8-a]', async () => {
    await scim.user('zo\u00eb', { title: '\u00c4rztin' })
    expect(await named('userName eq "ZO\u00cb"')).toEqual(['zo\u00eb'])
    expect(await named('title eq "\u00e4RZTIN"')).toEqual(['zo\u00eb'])
    expect(await named('userName eq "zoe\u0308"')).toEqual(['zo\u00eb'])
  })

  it.each([
    ['active gt true', 'x509Certificates.value gt "AA=="'],
    ['active ge true', 'x509Certificates.value ge "AA=="'],
    ['active lt true', 'x509Certificates.value lt "AA=="'],
    ['active le true', 'x509Certificates.value le "AA=="'],
  ])(
    'does not order booleans and binaries: %s [S7644-3.4.2.2-d S7644-3.4.2.2-e S7644-3.4.2.2-f S7644-3.4.2.2-g]',
    async (...filters) => {
      for (const filter of filters) await expectRefused(filter)
    },
  )

  it('without an expression, an attribute or an operator is refused [S7644-3.4.2.2-b S7644-3.4.2.2-c]', async () => {
    for (const filter of ['()', 'userName', 'eq "ann"', '"ann"', 'userName eq']) {
      await expectRefused(filter)
    }
  })

  it('with brackets around nothing, or around what is no sub-attribute, is refused [S7644-3.4.2.2-i]', async () => {
    for (const filter of [
      'emails[]',
      'emails[type]',
      'emails[userName eq "x"]',
      'emails[type eq "x"',
    ]) {
      await expectRefused(filter)
    }
  })

  it('with an operator that there is not is refused, and told so [S7644-3.4.2.2-n]', async () => {
    const { body } = await expectRefused('userName regex "a.*"')
    expect(body['detail']).toContain('regex')
  })

  async function expectRefused(filter: string) {
    const answer = await scim.list('Users', { filter })
    const { status, body } = answer
    expect([filter, status, body['scimType']]).toEqual([filter, 400, 'invalidFilter'])
    return answer
  }
})

describe('sorting', () => {
  beforeEach(people)

  const sorted = async (sortBy: string, sortOrder?: string) =>
    (await scim.list('Users', { sortBy, ...(sortOrder === undefined ? {} : { sortOrder }) })).names

  it('orders by an attribute, without one last, ascending by itself [S7644-3.4.2.3-a S7644-3.4.2.3-b]', async () => {
    expect(await sorted('title')).toEqual(['cid', 'ann', 'Bob', 'dee'])
    expect(await sorted('title', 'ascending')).toEqual(await sorted('title'))
    expect(await sorted('title', 'descending')).toEqual(['dee', 'Bob', 'ann', 'cid'])
    expect((await sorted('name.familyName')).slice(0, 3)).toEqual(['Bob', 'ann', 'dee'])
  })

  it('minds case only where case counts [S7644-3.4.2.3-c]', async () => {
    expect(await sorted('userName')).toEqual(['ann', 'Bob', 'cid', 'dee'])
    expect((await sorted('externalId')).slice(0, 2)).toEqual(['ann', 'Bob'])
  })
})

describe('paging', () => {
  beforeEach(people)

  it('takes a startIndex below 1 as 1 [S7644-3.4.2.4-a]', async () => {
    for (const startIndex of ['0', '-5']) {
      const { body, names } = await scim.list('Users', { startIndex, count: '1' })
      expect([body['startIndex'], names]).toEqual([1, ['ann']])
    }
  })

  it('takes a negative count as 0, which only counts [S7644-3.4.2.4-b]', async () => {
    for (const count of ['0', '-1']) {
      const { status, body, found } = await scim.list('Users', { count })
      expect([status, body['totalResults'], body['itemsPerPage'], found]).toEqual([200, 4, 0, []])
    }
  })

  it('returns no more than count, and everyone in the end [S7644-3.4.2.4-c]', async () => {
    const names = []
    for (const startIndex of ['1', '3', '5']) {
      const page = await scim.list('Users', { startIndex, count: '2' })
      expect(page.found.length).toBeLessThanOrEqual(2)
      names.push(...page.names)
    }
    expect(names.sort()).toEqual(['Bob', 'ann', 'cid', 'dee'])
  })
})
