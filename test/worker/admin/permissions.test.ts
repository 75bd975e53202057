import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { endpoints } from '../../../src/admin/endpoints.ts'
import { callOperation } from '../../../src/admin/index.ts'
import { checkPermission } from '../../../src/admin/permissions.ts'
import type { AppContext, Principal, SetupPart } from '../../../src/http/index.ts'
import { newId } from '../../../src/kernel/index.ts'
import {
  type AdminApi,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { entraMetadataUrl, manual, serveMetadata } from './connection-world.ts'

const own = newId('org')
const other = newId('org')
const admin: Principal = { kind: 'admin', organizationId: own, personId: newId('usr') }
const operatorByPerson: Principal = { kind: 'operator', by: 'person', who: newId('usr') }
const link = (...parts: readonly SetupPart[]): Principal => ({
  kind: 'setup-link',
  organizationId: own,
  linkId: newId('lnk'),
  parts,
})
const operations = endpoints.map(({ operation }) => operation)

function permitted(
  principal: Principal,
  operation: (typeof operations)[number],
  {
    org = own,
    body = {},
    operatorOrg = null,
  }: { org?: string; body?: unknown; operatorOrg?: string | null } = {},
) {
  const params = operation.path.includes('{org}') ? { org } : {}
  return checkPermission(principal, { operation, params, body, operatorOrg })
}

describe('who may ask for what', () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s is never of another organization for whoever is no operator',
    (_id, operation) => {
      for (const principal of [admin, link('saml', 'scim', 'attributes')]) {
        expect(permitted(principal, operation, { org: other }).ok).toBe(false)
        // A slug may be another organization's tomorrow.
        if (operation.path.includes('{org}')) {
          expect(permitted(principal, operation, { org: 'contoso' }).ok).toBe(false)
        }
      }
    },
  )

  it('operations of no organization are for operators', () => {
    for (const operation of operations.filter(({ path }) => !path.includes('{org}'))) {
      expect([operation.id, permitted(admin, operation).ok]).toEqual([operation.id, false])
      expect(permitted(link('saml', 'scim', 'attributes'), operation).ok).toBe(false)
      expect(permitted(operatorByPerson, operation).ok).toBe(true)
    }
  })

  it('a setup link does what its parts are for, and nothing that is in no part', () => {
    const mayWith = (...parts: readonly SetupPart[]) =>
      operations.filter((operation) => permitted(link(...parts), operation).ok).map(({ id }) => id)
    expect(mayWith('scim')).toContain('createScimToken')
    expect(mayWith('scim')).not.toContain('createConnection')
    expect(mayWith('saml')).toContain('createConnection')
    expect(mayWith('saml')).not.toContain('createScimToken')
    expect(mayWith('attributes')).toContain('setMapping')
    const all = mayWith('saml', 'scim', 'attributes')
    for (const id of [
      'deleteOrganization',
      'changeOrganization',
      'createRecoveryLink',
      'createSetupLink',
      'deleteConnection',
      'listEvents',
      'retireUser',
      'blockUser',
      'endSession',
      'listSessions',
      'removeDomain',
      'releaseReconcileRun',
      'liftTombstone',
    ]) {
      expect([id, all.includes(id)]).toEqual([id, false])
    }
  })

  it('an admin of an organization does not do what the app trusts operators with', () => {
    const by = (id: string) => {
      const found = operations.find((operation) => operation.id === id)
      if (found === undefined) throw new Error(id)
      return found
    }
    for (const id of ['deleteOrganization', 'createRecoveryLink', 'createSetupLink']) {
      expect(permitted(admin, by(id)).ok).toBe(false)
    }
    expect(permitted(admin, by('changeOrganization'), { body: { name: 'Contoso' } }).ok).toBe(true)
    for (const field of ['slug', 'domains', 'appOrigins']) {
      expect(permitted(admin, by('changeOrganization'), { body: { [field]: [] } })).toEqual({
        ok: false,
        failure: {
          code: 'admin.forbidden',
          errors: [{ field, message: 'is for an operator to set' }],
        },
      })
    }
    expect(permitted(admin, by('addDomain'), { body: { domain: 'a.example' } }).ok).toBe(true)
    expect(permitted(admin, by('addDomain'), { body: { verified: true } }).ok).toBe(false)
  })

  it('the operators’ own organization is changed with the admin key only', () => {
    const changes = operations.filter(
      ({ path, method, id }) =>
        path.includes('{org}') &&
        method !== 'get' &&
        !['previewMapping', 'decode', 'checkGraph'].includes(id),
    )
    expect(changes.length).toBeGreaterThan(40)
    for (const operation of changes) {
      for (const by of ['person', 'access'] as const) {
        const principal: Principal = { kind: 'operator', by, who: 'x' }
        const asked = { org: own, operatorOrg: own }
        const result = permitted(principal, operation, asked)
        expect(result).toEqual({ ok: false, failure: { code: 'admin.key_needed' } })
        // Nor by its slug, which the table cannot know.
        expect(permitted(principal, operation, { ...asked, org: 'operators' }).ok).toBe(false)
        expect(permitted(principal, operation, { ...asked, org: other }).ok).toBe(true)
      }
      const key: Principal = { kind: 'operator', by: 'key', who: null }
      expect(permitted(key, operation, { operatorOrg: own }).ok).toBe(true)
    }
  })

  it('an admin of the operators’ organization cannot make themselves an operator', () => {
    const [change] = operations.filter(({ id }) => id === 'changeOrganization')
    if (change === undefined) throw new Error('changeOrganization')
    const body = { roleRules: [{ group: 'g', role: 'operator' }] }
    const result = permitted(admin, change, { body, operatorOrg: own })
    expect(result).toEqual({ ok: false, failure: { code: 'admin.key_needed' } })
  })
})

describe('a setup link of another organization', () => {
  it('is not found', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createContoso(api, 'fabrikam')
    const made = await api.post('/organizations/fabrikam/setup-links', {
      name: 'IT',
      parts: ['scim'],
    })
    const path = `setup-links/${textOf(made.body, 'id')}`
    const refused = await api.delete(`/organizations/contoso/${path}`)
    expect([refused.status, refused.body['code']]).toEqual([404, 'admin.setup_link_not_found'])
    expect((await api.delete(`/organizations/fabrikam/${path}`)).status).toBe(204)
  })
})

describe('a setup link and a connection', () => {
  let api: AdminApi
  let principal: Principal
  let organizationId: string

  type Asked = Parameters<typeof callOperation>[2]
  type Told = {
    readonly ok: boolean
    readonly value?: { readonly id: string; readonly status: string }
    readonly failure?: { readonly code: string }
  }
  let asked: Asked
  let told: Told

  beforeEach(async () => {
    api = openAdminApi()
    // The context that a request gives, for asking without HTTP.
    api.app.get('/test-call', async (c) => {
      told = (await callOperation(c as AppContext, principal, asked)) as Told
      return c.text('')
    })
    organizationId = textOf(await createContoso(api), 'id')
    principal = {
      kind: 'setup-link',
      organizationId,
      linkId: newId('lnk'),
      parts: ['saml', 'scim', 'attributes'],
    }
  })

  /** Asks with the link's rights. */
  async function ask(
    id: string,
    params: Readonly<Record<string, string>>,
    body: unknown = {},
  ): Promise<Told> {
    asked = { id, params: { org: organizationId, ...params }, query: {}, body }
    await api.fetch(new Request('https://sso.example.com/test-call'))
    return told
  }
  const connect = (status = 'draft') =>
    ask('createConnection', {}, { name: 'Entra', manual, status })

  it('adds one in draft, and never one that anybody could sign in with', async () => {
    for (const status of ['testing', 'active']) {
      expect((await connect(status)).failure).toMatchObject({ code: 'admin.setup_link_limit' })
    }
    expect((await connect()).value).toMatchObject({ status: 'draft' })
    const events = await api.get(`/organizations/${organizationId}/events?type=connection.created`)
    expect(events.body['items']).toMatchObject([
      { actor: expect.stringMatching(/^setup-link:lnk_/) as string },
    ])
  })

  it('adds none where people exist already: they could become somebody else’s', async () => {
    await env.DB.prepare(
      `insert into people (id, organization_id, user_name, user_name_key, created_by, profile, provenance, mapping_version, created_at, updated_at)
       values ('usr_x', ?, 'a', 'a', 'saml', '{}', '{}', 1, 0, 0)`,
    )
      .bind(organizationId)
      .run()
    expect((await connect()).failure).toMatchObject({ code: 'admin.setup_link_limit' })
    const listed = await api.get(`/organizations/${organizationId}/connections`)
    expect(listed.body['items']).toEqual([])
  })

  it('neither opens one for testers or everybody, nor changes one that is open', async () => {
    const made = await connect()
    const connection = made.value?.id ?? ''
    const limit = { code: 'admin.setup_link_limit' }
    const change = (body: unknown) => ask('changeConnection', { connection }, body)
    expect((await change({ name: 'Mine' })).ok).toBe(true)
    for (const status of ['testing', 'active']) {
      expect((await change({ status })).failure).toMatchObject(limit)
    }
    // Nor does it name who could sign in.
    const tester = { kind: 'nameId', value: 'boss' }
    expect((await ask('addTester', { connection }, tester)).failure?.code).toBe('admin.forbidden')

    const path = `/organizations/${organizationId}/connections/${connection}`
    for (const status of ['testing', 'active', 'disabled']) {
      await api.patch(path, { status })
      const before = (await api.get(path)).body
      for (const body of [
        { name: 'Other' },
        { manual },
        { status: 'draft' },
        { forceAuthn: true },
      ]) {
        expect((await change(body)).failure).toMatchObject(limit)
      }
      for (const id of ['refreshMetadata', 'rotateKeys']) {
        expect((await ask(id, { connection }, {})).failure).toMatchObject(limit)
      }
      expect((await api.get(path)).body).toEqual(before)
    }
  })

  it('leaves no key of its own behind: metadata replaces those entered by hand, too', async () => {
    const made = await connect()
    const connection = made.value?.id ?? ''
    await serveMetadata(api)
    const body = { metadataUrl: entraMetadataUrl }
    expect((await ask('changeConnection', { connection }, body)).ok).toBe(true)
    const path = `/organizations/${organizationId}/connections/${connection}`
    const { body: after } = await api.get(path)
    const certificates = listOf(after['idp'] as Json, 'certificates')
    expect(certificates.map(({ origin }) => origin)).toEqual(['metadata'])
  })

  it('changes neither profiles nor credentials once a connection is active', async () => {
    const made = await connect()
    await api.patch(`/organizations/${organizationId}/connections/${made.value?.id ?? ''}`, {
      status: 'active',
    })
    const token = await ask('createScimToken', {}, { name: 'Entra' })
    expect(token.ok).toBe(true)
    const limit = { code: 'admin.setup_link_limit' }
    const key = token.value?.id ?? ''
    for (const [id, params, body] of [
      ['setMapping', {}, { version: 1, rules: {} }],
      ['createAttribute', {}, { key: 'mine', label: 'Mine' }],
      ['changeScimToken', { token: key }, { disabled: true }],
      ['revokeScimToken', { token: key }, {}],
      [
        'setGraphCredential',
        {},
        {
          tenantId: 'a1a1a1a1-0000-4000-8000-00000000000a',
          clientId: '2d4d3d8e-2be3-4bef-9f87-7875a61c29de',
          clientSecret: 's',
        },
      ],
    ] as const) {
      expect([id, (await ask(id, params, body)).failure]).toMatchObject([id, limit])
    }
  })
})

describe('a change that was decided by looking', () => {
  it('is refused when what was looked at is not so any more', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    const shown = contoso['version']
    const rules = [{ group: 'admins', role: 'admin' }]
    const first = await api.patch('/organizations/contoso', { version: shown, roleRules: rules })
    expect([first.status, first.body['version']]).toEqual([200, Number(shown) + 1])
    const late = await api.patch('/organizations/contoso', { version: shown, roleRules: [] })
    expect([late.status, late.body['code']]).toEqual([409, 'admin.changed_since'])
    expect((await api.get('/organizations/contoso')).body['roleRules']).toEqual(rules)

    const made = await api.post('/organizations/contoso/connections', { name: 'Entra', manual })
    const path = `/organizations/contoso/connections/${textOf(made.body, 'id')}`
    await api.patch(path, { manual: { ssoUrl: 'https://evil.example/saml2' } })
    const opened = await api.patch(path, { version: made.body['version'], status: 'active' })
    expect([opened.status, opened.body['code']]).toEqual([409, 'admin.changed_since'])
    expect((await api.get(path)).body['status']).toBe('draft')
  })
})
