import { beforeEach, describe, expect, it } from 'vitest'
import {
  baseUrl,
  coreGroup,
  coreUser,
  enterprise,
  type Json,
  list,
  listUri,
  part,
  type RfcWorld,
  rfcWorld,
} from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

const common = ['id', 'externalId', 'meta']
const types = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'binary',
  'reference',
  'complex',
]

async function schemas(): Promise<readonly Json[]> {
  return list((await scim.get('/Schemas')).body, 'Resources')
}

/** Every attribute of a schema, sub-attributes after their parent. */
function attributesOf(schema: Json): readonly Json[] {
  return list(schema, 'attributes').flatMap((one) => [one, ...list(one, 'subAttributes')])
}

describe('ServiceProviderConfig', () => {
  it('is served under its own schema, at its own address [S7644-4-a]', async () => {
    const { status, body } = await scim.get('/ServiceProviderConfig')
    expect(status).toBe(200)
    expect(body['schemas']).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'])
    expect(part(body, 'meta')).toEqual({
      resourceType: 'ServiceProviderConfig',
      location: `${baseUrl}/ServiceProviderConfig`,
    })
  })

  it('tells what there is [S7643-5-a S7643-5-b S7643-5-g S7643-5-h S7643-5-j S7643-5-k S7643-5-l S7643-5-m S7643-5-n S7643-5-o]', async () => {
    const { body } = await scim.get('/ServiceProviderConfig')
    expect(body).toMatchObject({
      patch: { supported: true },
      filter: { supported: true },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
    })
  })

  it('tells the limits as whole numbers [S7643-5-c S7643-5-d S7643-5-e S7643-5-f S7643-5-i S7644-3.7.4-a S7643-2.3.4-a]', async () => {
    const { body, text } = await scim.get('/ServiceProviderConfig')
    expect(part(body, 'bulk')['supported']).toBe(true)
    const numbers = [
      part(body, 'bulk')['maxOperations'],
      part(body, 'bulk')['maxPayloadSize'],
      part(body, 'filter')['maxResults'],
    ]
    expect(numbers.filter((one) => Number.isInteger(one) && Number(one) > 0)).toEqual(numbers)
    expect(text).not.toMatch(/":-?\d+[.eE]/)
  })

  it('tells about pages by cursor and by index [S9865-4-a S9865-4-b S9865-4-c]', async () => {
    const { body } = await scim.get('/ServiceProviderConfig')
    expect(part(body, 'pagination')).toMatchObject({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
    })
  })

  it('tells how to authenticate [S7643-5-q S7643-5-r S7643-5-s S7643-5-t]', async () => {
    const { body } = await scim.get('/ServiceProviderConfig')
    const schemes = list(body, 'authenticationSchemes')
    expect(schemes[0]?.['type']).toBe('oauthbearertoken')
    for (const scheme of schemes) {
      expect(scheme['name']).toMatch(/\w/)
      expect(scheme['description']).toMatch(/\w/)
    }
  })

  it('tells how to authenticate before anybody has a token [S7643-5-p]', async () => {
    const { status, body } = await scim.get('/ServiceProviderConfig', { token: null })
    expect(status).toBe(200)
    expect(list(body, 'authenticationSchemes')).not.toEqual([])
  })
})

describe('ResourceTypes', () => {
  it('are a ListResponse [S7644-4-c]', async () => {
    const { status, body } = await scim.get('/ResourceTypes')
    expect(status).toBe(200)
    expect(body).toMatchObject({ schemas: [listUri], totalResults: 2 })
    expect(list(body, 'Resources').map((one) => one['id'])).toEqual(['User', 'Group'])
  })

  it('have every attribute, and plural endpoints [S7643-6-a S7643-6-c S7643-6-d S7643-6-e S7643-6-g S7644-3.2-a]', async () => {
    const { body } = await scim.get('/ResourceTypes')
    for (const type of list(body, 'Resources')) {
      expect(type['schemas']).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ResourceType'])
      expect(type['description']).toMatch(/\w/)
      expect(type['endpoint']).toBe(`/${type['name']}s`)
      expect((await scim.get(String(type['endpoint']))).status).toBe(200)
    }
  })

  it('have the name that resources give in meta [S7643-6-b]', async () => {
    const user = await scim.user('ann@contoso.example')
    const group = await scim.group('Sales')
    expect((await scim.get('/ResourceTypes/User')).body['name']).toBe(
      part(user, 'meta')['resourceType'],
    )
    expect((await scim.get('/ResourceTypes/Group')).body['name']).toBe(
      part(group, 'meta')['resourceType'],
    )
  })

  it('name schemas that are served, and whether an extension is required [S7643-6-f S7643-6-h S7643-6-i S7643-6-k]', async () => {
    const ids = (await schemas()).map((schema) => schema['id'])
    for (const type of list((await scim.get('/ResourceTypes')).body, 'Resources')) {
      expect(ids).toContain(type['schema'])
      for (const extension of list(type, 'schemaExtensions')) {
        expect(ids).toContain(extension['schema'])
        expect(extension['required']).toBe(false)
      }
    }
  })

  it('let a user be without the extensions that are not required [S7643-6-j]', async () => {
    const user = await scim.user('ann@contoso.example')
    expect(user.schemas).toEqual([coreUser])
  })
})

describe('Schemas', () => {
  it('are a ListResponse of everything that resources may use [S7644-4-b S7643-7-b S7643-7-c]', async () => {
    const { body } = await scim.get('/Schemas')
    expect(body['schemas']).toEqual([listUri])
    const ids = list(body, 'Resources').map((schema) => schema['id'])
    expect(ids).toEqual(expect.arrayContaining([coreUser, coreGroup, enterprise]))
    expect(body['totalResults']).toBe(ids.length)
  })

  it('are found one by one, by percent-encoded ids too [S7644-1.2-a]', async () => {
    const found = [
      await scim.get(`/Schemas/${coreUser}`),
      await scim.get(`/Schemas/${encodeURIComponent(coreUser)}`),
    ]
    expect(found.map(({ status, body }) => [status, body['id']])).toEqual([
      [200, coreUser],
      [200, coreUser],
    ])
  })

  it('have names and descriptions, as each attribute has [S7643-7-d S7643-7-e S7643-7-g]', async () => {
    for (const schema of await schemas()) {
      for (const one of [schema, ...attributesOf(schema)]) {
        expect(one['name'], JSON.stringify(one)).toMatch(/\w/)
        expect(one['description'], JSON.stringify(one)).toMatch(/\w/)
      }
    }
  })

  it('tell every characteristic of each attribute [S7643-7-a S7643-2.3-a]', async () => {
    for (const one of (await schemas()).flatMap(attributesOf)) {
      expect(types).toContain(one['type'])
      expect(one).toMatchObject({
        multiValued: expect.any(Boolean),
        required: expect.any(Boolean),
        caseExact: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
        uniqueness: expect.stringMatching(/^(none|server|global)$/),
      })
    }
  })

  it('give sub-attributes to complex attributes, to these only, and none that are complex [S7643-7-f S7643-1.2-a S7643-2.3.8-b]', async () => {
    const all = (await schemas()).flatMap((schema) => list(schema, 'attributes'))
    for (const one of all) {
      expect(list(one, 'subAttributes').length > 0, String(one['name'])).toBe(
        one['type'] === 'complex',
      )
      expect(list(one, 'subAttributes').filter((sub) => sub['type'] === 'complex')).toEqual([])
    }
  })

  it('name attributes by the grammar of names [S7643-2.1-b]', async () => {
    const names = (await schemas()).flatMap(attributesOf).map((one) => String(one['name']))
    expect(names.filter((name) => !/^\$?[A-Za-z][-$\w]*$/.test(name))).toEqual([])
  })

  it('have extensions that redefine nothing [S7643-3.3-c S7643-3.3-d]', async () => {
    const all = await schemas()
    const core = all.find(({ id }) => id === coreUser) ?? {}
    const taken = [...common, ...list(core, 'attributes').map((one) => String(one['name']))]
    for (const schema of all.filter(({ id }) => String(id).includes(':extension:'))) {
      expect(
        list(schema, 'attributes').filter((one) => taken.includes(String(one['name']))),
      ).toEqual([])
      expect(schema['id']).toMatch(/^urn:ietf:params:scim:schemas:extension:[\w:.]+:User$/)
    }
  })

  it('hold none of the schemas of messages [S7644-3.1-b]', async () => {
    expect((await schemas()).filter(({ id }) => String(id).includes(':api:'))).toEqual([])
    const { status } = await scim.get(`/Schemas/${listUri}`)
    expect(status).toBe(404)
  })
})

describe('parameters of the configuration endpoints', () => {
  it.each(['/Schemas', '/ResourceTypes'])(
    'for sorting and paging are ignored at %s [S7644-4-d]',
    async (path) => {
      const plain = await scim.get(path)
      const asked = await scim.get(`${path}?startIndex=2&count=1&sortBy=name&sortOrder=descending`)
      expect(asked.body['Resources']).toEqual(plain.body['Resources'])
    },
  )

  it.each(['/Schemas', '/ResourceTypes'])(
    'that filter are refused with 403 at %s [S7644-4-e]',
    async (path) => {
      const { status, body } = await scim.get(`${path}?filter=name+eq+%22User%22`)
      expect([status, body['status']]).toEqual([403, '403'])
    },
  )
})
