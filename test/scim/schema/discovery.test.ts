import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import {
  resourceTypes,
  schemas,
  serviceProviderConfig,
} from '../../../src/scim/schema/discovery.ts'

const baseUrl = 'https://portico.example/scim/v2'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

type Shown = {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly canonicalValues?: readonly string[]
  readonly subAttributes?: readonly Shown[]
}

/** Target attributes as Microsoft's discovery test derives them from /Schemas (reference a8). */
function flatten(documents: readonly object[]): ReadonlySet<string> {
  const names = (documents as readonly { id: string; attributes: readonly Shown[] }[]).flatMap(
    ({ id, attributes }) => {
      const prefix = id.includes(':extension:') ? `${id}:` : ''
      return attributes.flatMap((one) => flattenOne(one, prefix))
    },
  )
  return new Set(names.map((name) => name.toLowerCase()))
}

function flattenOne(attribute: Shown, prefix: string): readonly string[] {
  const { name, type, multiValued, subAttributes = [] } = attribute
  if (name === 'manager' || name === 'members') return [name]
  if (type === 'reference') return []
  if (type !== 'complex') return [`${prefix}${name}`]
  if (!multiValued) return subAttributes.map((sub) => `${prefix}${name}.${sub.name}`)
  const types = subAttributes.find((sub) => sub.name === 'type')?.canonicalValues
  const parts = subAttributes.filter((sub) => !['type', 'primary'].includes(sub.name))
  const filters = types?.map((one) => `type eq "${one}"`) ?? ['primary eq "True"']
  return filters.flatMap((filter) =>
    parts.map((part) => `${prefix}${name}[${filter}].${part.name}`),
  )
}

/** The targets of the default mapping of a non-gallery application (reference a7). */
const defaultMapping = [
  'userName',
  'active',
  'displayName',
  'title',
  'emails[type eq "work"].value',
  'preferredLanguage',
  'name.givenName',
  'name.familyName',
  'name.formatted',
  'addresses[type eq "work"].formatted',
  'addresses[type eq "work"].streetAddress',
  'addresses[type eq "work"].locality',
  'addresses[type eq "work"].region',
  'addresses[type eq "work"].postalCode',
  'addresses[type eq "work"].country',
  'phoneNumbers[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  'phoneNumbers[type eq "fax"].value',
  'externalId',
  `${enterprise}:employeeNumber`,
  `${enterprise}:department`,
  'manager',
]

/** Every value inside a value, with the names that lead to it. */
function valuesIn(value: unknown, name = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[name, value]]
  return Object.entries(value).flatMap(([key, one]) => valuesIn(one, `${name}/${key}`))
}

describe('the schemas', () => {
  it('have every target of the default mapping, as Entra derives them', () => {
    expect(defaultMapping).toHaveLength(22)
    const derived = flatten(schemas(baseUrl))
    expect(defaultMapping.filter((name) => !derived.has(name.toLowerCase()))).toEqual([])
    // The documentation has the office location under `other`, and roles by `primary`.
    for (const name of ['addresses[type eq "other"].formatted', 'roles[primary eq "True"].value']) {
      expect(derived.has(name.toLowerCase())).toBe(true)
    }
    for (const name of ['members', 'displayName'])
      expect(derived.has(name.toLowerCase())).toBe(true)
  })

  it('leave out what Microsoft refuses to see', () => {
    const derived = [...flatten(schemas(baseUrl))].join('\n')
    expect(derived).not.toMatch(/password|emails\[.*\]\.(?:display|primary)/)
    const emails = JSON.stringify(schemas(baseUrl)).match(/"name":"emails".*?\]\}/)?.[0]
    expect(emails).not.toContain('primary')
  })

  it('are whole documents: a place each, every characteristic, no null and nothing of our own', () => {
    const documents = schemas(baseUrl)
    expect(documents.map((one) => one['id'])).toEqual([
      'urn:ietf:params:scim:schemas:core:2.0:User',
      enterprise,
      'urn:ietf:params:scim:schemas:core:2.0:Group',
    ])
    for (const one of documents) {
      expect(one['meta']).toEqual({
        resourceType: 'Schema',
        location: `${baseUrl}/Schemas/${one['id']}`,
      })
    }
    const wrong = valuesIn(documents).filter(
      ([name, value]) =>
        value === null || value === undefined || /\/is(?:Hidden|Derived)$/.test(name),
    )
    expect(wrong).toEqual([])
    const flat = (documents as unknown as readonly { attributes: readonly Shown[] }[])
      .flatMap(({ attributes }) => attributes)
      .flatMap((one) => [one, ...(one.subAttributes ?? [])])
    const characteristics = ['name', 'type', 'multiValued', 'description', 'required', 'caseExact']
    const others = ['mutability', 'returned', 'uniqueness']
    for (const one of flat) {
      expect(Object.keys(one)).toEqual(expect.arrayContaining([...characteristics, ...others]))
      if (one.type === 'reference') expect(Object.keys(one)).toContain('referenceTypes')
      if (one.type === 'complex') expect(one.subAttributes?.length).toBeGreaterThan(0)
    }
  })

  it('show custom attributes with their types', () => {
    const custom = [
      { key: 'badge', label: 'Badge', type: 'number', multiValued: false },
      { key: 'tags', label: 'Tags', type: 'string', multiValued: true },
      { key: 'since', label: 'Since', type: 'dateTime', multiValued: false },
      { key: 'vip', label: 'VIP', type: 'boolean', multiValued: false },
    ] as const
    const shown = schemas(baseUrl, custom).at(-1)
    expect(shown?.['id']).toBe('urn:ietf:params:scim:schemas:extension:portico:2.0:User')
    expect(shown?.['attributes']).toMatchObject([
      { name: 'badge', type: 'decimal', description: 'Badge' },
      { name: 'tags', type: 'string', multiValued: true },
      { name: 'since', type: 'dateTime' },
      { name: 'vip', type: 'boolean' },
    ])
  })
})

describe('the resource types', () => {
  it('name their schemas and extensions', () => {
    const custom = [{ key: 'a', label: 'A', type: 'string', multiValued: false }] as const
    const [user, group] = resourceTypes(baseUrl, custom)
    expect(user).toMatchObject({
      id: 'User',
      endpoint: '/Users',
      schema: 'urn:ietf:params:scim:schemas:core:2.0:User',
      schemaExtensions: [
        { schema: enterprise, required: false },
        { schema: 'urn:ietf:params:scim:schemas:extension:portico:2.0:User', required: false },
      ],
      meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/User` },
    })
    expect(group).toMatchObject({
      endpoint: '/Groups',
      schema: 'urn:ietf:params:scim:schemas:core:2.0:Group',
    })
    expect(Object.keys(group ?? {})).not.toContain('schemaExtensions')
    expect(resourceTypes(baseUrl)[0]).toMatchObject({
      schemaExtensions: [{ schema: enterprise, required: false }],
    })
  })
})

describe('the configuration', () => {
  it('says what there is, with the limits that hold', () => {
    expect(serviceProviderConfig(baseUrl)).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: {
        supported: true,
        maxOperations: limits.scimBulkOperations,
        maxPayloadSize: limits.scimBodyBytes,
      },
      filter: { supported: true, maxResults: limits.scimPageSizeMax },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
      authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }],
      meta: { location: `${baseUrl}/ServiceProviderConfig` },
    })
  })
})
