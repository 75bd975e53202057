import { beforeEach, describe, expect, it } from 'vitest'
import {
  coreGroup,
  coreUser,
  enterprise,
  type Json,
  list,
  type RfcWorld,
  rfcWorld,
  userOf,
} from './rfc-world.ts'

let scim: RfcWorld
beforeEach(async () => {
  scim = await rfcWorld()
})

const values: Readonly<Record<string, unknown>> = {
  string: 'Text',
  boolean: true,
  decimal: 1.5,
  integer: 2,
  dateTime: '2026-11-24T09:00:00Z',
  binary: 'AAECAw==',
  reference: 'https://contoso.example/page',
}

/** A value for an attribute as /Schemas describes it; undefined for what clients may not write. */
function valueFor(attribute: Json): unknown {
  // The server makes addresses itself, and reads none that a client sends.
  if (attribute['mutability'] !== 'readWrite' || attribute['name'] === '$ref') return undefined
  const one =
    attribute['type'] === 'complex'
      ? objectFor(list(attribute, 'subAttributes'))
      : values[String(attribute['type'])]
  return attribute['multiValued'] === true ? [one] : one
}

function objectFor(attributes: readonly Json[]): Json {
  return Object.fromEntries(
    attributes
      .map((attribute) => [String(attribute['name']), valueFor(attribute)] as const)
      .filter(([, value]) => value !== undefined),
  )
}

async function attributesOf(id: string): Promise<readonly Json[]> {
  return list((await scim.get(`/Schemas/${id}`)).body, 'attributes')
}

async function fullUser(): Promise<Json> {
  const core = objectFor(await attributesOf(coreUser))
  const extension = objectFor(await attributesOf(enterprise))
  return userOf('full@contoso.example', {
    ...core,
    schemas: [coreUser, enterprise],
    userName: 'full@contoso.example',
    [enterprise]: extension,
  })
}

describe('every attribute that /Schemas declares writable', () => {
  it('is kept and returned as it was written [S7643-2.4-b S7643-3.3-e S7644-3.3-a]', async () => {
    const user = await fullUser()
    expect(Object.keys(user).length).toBeGreaterThan(20)
    const { status, body } = await scim.post('/Users', user)
    expect(status).toBe(201)
    expect(body).toMatchObject(user)
    expect((await scim.get(`/Users/${body['id']}`)).body).toEqual(body)
  })

  it('is found by a filter on its presence, and by sorting [S7644-3.4.2.2-j S7644-3.4.2.3-a]', async () => {
    const user = await fullUser()
    await scim.post('/Users', user)
    await scim.user('bare@contoso.example')
    const wrong = []
    for (const name of Object.keys(user).filter(
      (key) => !/^(schemas|userName|active|urn:.*)$/.test(key),
    )) {
      const found = await scim.list('Users', { filter: `${name} pr` })
      if (String(found.names) !== 'full@contoso.example')
        wrong.push([name, found.status, found.names])
    }
    for (const name of Object.keys(user[enterprise] as Json)) {
      const { names } = await scim.list('Users', { filter: `${enterprise}:${name} pr` })
      if (String(names) !== 'full@contoso.example') wrong.push([name, names])
    }
    expect(wrong).toEqual([])
  })

  it('is replaced by PUT and gone when a PUT leaves it out [S7644-3.5.1-b S7644-3.5.1-c]', async () => {
    const bare = await scim.user('full@contoso.example')
    const user = await fullUser()
    expect((await scim.put(`/Users/${bare.id}`, user)).body).toMatchObject(user)
    const { body } = await scim.put(`/Users/${bare.id}`, userOf('full@contoso.example'))
    expect(Object.keys(body).sort()).toEqual(Object.keys(bare).sort())
  })

  it('is added and removed by PATCH [S7644-3.5.2.1-b S7644-3.5.2.2-a S7644-3.5.2.2-b]', async () => {
    const bare = await scim.user('full@contoso.example')
    const { schemas, userName, active, [enterprise]: extension, ...core } = await fullUser()
    const paths = [
      ...Object.entries(core),
      ...Object.entries(extension as Json).map(
        ([name, value]) => [`${enterprise}:${name}`, value] as const,
      ),
    ]
    const added = await scim.patch(
      `/Users/${bare.id}`,
      paths.map(([path, value]) => ({ op: 'add', path, value })),
    )
    expect(added.body).toMatchObject({
      schemas,
      userName,
      active,
      ...core,
      [enterprise]: extension,
    })
    const removed = await scim.patch(
      `/Users/${bare.id}`,
      paths.map(([path]) => ({ op: 'remove', path })),
    )
    expect(Object.keys(removed.body).sort()).toEqual(Object.keys(bare).sort())
  })

  it('of a group is kept too [S7644-3.3-a S7643-3.1-a]', async () => {
    const { members, ...rest } = objectFor(await attributesOf(coreGroup))
    const { status, body } = await scim.post('/Groups', { schemas: [coreGroup], ...rest })
    expect([status, members]).toEqual([201, [{}]])
    expect(body).toMatchObject(rest)
  })
})
