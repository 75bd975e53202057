import { describe, expect, it } from 'vitest'
import { explainScimBody } from '../../src/scim/explain-body.ts'

const core = 'urn:ietf:params:scim:schemas:core:2.0'
const message = 'urn:ietf:params:scim:api:messages:2.0'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

function explain(body: unknown) {
  const explained = explainScimBody(JSON.stringify(body))
  if (!explained.ok) throw new Error(explained.failure.detail)
  const { kind, parts, json } = explained.value
  const says = (label: string) => parts.find((part) => part.label === label)?.says
  return { kind, parts, json, says }
}

describe('a SCIM body', () => {
  it.each([
    ['scim_user', { schemas: [`${core}:User`] }],
    ['scim_user', { schemas: [enterprise, `${core}:user`] }],
    ['scim_group', { schemas: [`${core}:Group`] }],
    ['scim_patch', { schemas: [`${message}:PatchOp`], Operations: [] }],
    ['scim_patch', { Operations: [] }],
    ['scim_list', { schemas: [`${message}:ListResponse`], totalResults: 0 }],
    ['scim_error', { schemas: [`${message}:Error`], status: '409' }],
    ['scim_bulk', { schemas: [`${message}:BulkRequest`], Operations: [{}] }],
    ['scim_search', { schemas: [`${message}:SearchRequest`] }],
    ['json', { hello: 'world' }],
  ])('is %s by its schemas', (kind, body) => {
    expect(explain(body).kind).toBe(kind)
  })

  it('says what makes somebody known for good, and what lets them in', () => {
    const user = { schemas: [`${core}:User`], userName: 'ann@contoso.example', active: 'False' }
    const named = explain({ ...user, externalId: 'ann' })
    expect(named.says('externalId')).toContain('map objectId to externalId')
    expect(named.says('active')).toContain('Deactivates')
    const bound = explain({ ...user, externalId: '0b1ec700-1111-4111-8111-000000000001' })
    expect(bound.says('externalId')).toContain('An object id')
  })

  it('reads the default dialect of Entra', () => {
    const { parts } = explain({
      schemas: [`${message}:PatchOp`],
      Operations: [
        { op: 'Replace', path: 'active', value: 'False' },
        { op: 'Remove', path: 'members', value: [{ value: 'usr_ann' }] },
      ],
    })
    expect(parts[0]?.value).toBe('replace active = False')
    expect(parts[0]?.says).toContain('default dialect')
    expect(parts[0]?.says).toContain('written as text')
    expect(parts[1]?.says).toContain('Takes members out')
  })

  it('reads the dialect behind the flag', () => {
    const { parts } = explain({
      schemas: [`${message}:PatchOp`],
      Operations: [
        { op: 'replace', value: { 'name.givenName': 'Ann', [`${enterprise}:department`]: 'IT' } },
      ],
    })
    expect(parts[0]?.says).toContain('aadOptscim062020')
  })

  it('says why operations are no operations', () => {
    const { parts } = explain({ schemas: [`${message}:PatchOp`], Operations: [{ op: 'move' }] })
    expect(parts).toMatchObject([{ value: 'refused', says: expect.stringContaining('op "move"') }])
  })

  it('drops a password, wherever it stands', () => {
    const { json } = explain({ schemas: [`${core}:User`], password: 'p1', a: [{ Password: 'p2' }] })
    expect(json).not.toMatch(/p1|p2/)
  })

  it.each(['', '[]', '1', '{"a":', '['.repeat(200_000)])('is no object: %#', (text) => {
    expect(explainScimBody(text)).toMatchObject({
      ok: false,
      failure: { code: 'scim.invalid_syntax' },
    })
  })
})
