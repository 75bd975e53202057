import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { renderOpenApi } from '../../../tools/render-openapi.ts'
import { certificatePem } from '../../support/keys.ts'
import { addGroupRow, addMemberRows } from '../scim/groups-world.ts'
import {
  type AdminApi,
  createContoso,
  type Json,
  listOf,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import { addPerson, addSession, manual } from './connection-world.ts'

/** What stands for each path parameter: a new one without a row fails the walk. */
type Ids = Readonly<Record<string, string>>

/** A body that each operation accepts; ids in it are the other organization's. */
const bodies: Readonly<Record<string, (ids: Ids) => unknown>> = {
  changeOrganization: () => ({ name: 'Taken over' }),
  addDomain: () => ({ domain: 'new.example' }),
  createConnection: () => ({ name: 'New', manual }),
  changeConnection: () => ({ status: 'disabled', addCertificates: [certificatePem('Knext')] }),
  rotateKeys: () => ({}),
  approveMetadata: () => ({ hash: 'ab'.repeat(32) }),
  dismissMetadata: () => ({ hash: 'ab'.repeat(32) }),
  decode: (ids) => ({ text: '<a/>', connection: ids['connection'] }),
  addTester: () => ({ kind: 'nameId', value: 'mallory' }),
  mergeUser: (ids) => ({ into: ids['user'] }),
  createRecoveryLink: (ids) => ({ user: ids['user'] }),
  createSetupLink: () => ({ name: 'Mine', parts: ['saml'] }),
  createScimToken: (ids) => ({ name: 'Mine', connection: ids['connection'] }),
  changeScimToken: () => ({ disabled: true }),
  createScimClient: (ids) => ({ name: 'Mine', connection: ids['connection'] }),
  changeScimClient: () => ({ disabled: true }),
  createScimClientSecret: () => ({}),
  createAttribute: () => ({ key: 'mine', label: 'Mine' }),
  changeAttribute: () => ({ label: 'Taken over' }),
  setMapping: () => ({ version: 1, rules: {} }),
  previewMapping: (ids) => ({ rules: {}, users: [ids['user']] }),
  changeReconcileSettings: () => ({ everyMinutes: 60 }),
  createReconcileRun: (ids) => ({ dryRun: true, connection: ids['connection'] }),
  setGraphCredential: (ids) => ({ ...graphApp, connection: ids['connection'], clientSecret: 's' }),
}

/** What reads the tenant; the same in both organizations. */
const graphApp = {
  tenantId: 'a1a1a1a1-0000-4000-8000-00000000000a',
  clientId: '2d4d3d8e-2be3-4bef-9f87-7875a61c29de',
}

/** A path parameter whose values every organization has. */
const shared = 'step'

/** Path parameters of SCIM credentials. */
const scim = ['token', 'client', 'secret']

const queries: Readonly<Record<string, string>> = {
  removeTester: '?kind=nameId&value=ann',
  getStatusConsequences: '?status=active',
}

/** Operations whose path names an organization only, and whose body names something of another one. */
const named = [
  'decode',
  'previewMapping',
  'createRecoveryLink',
  'createScimToken',
  'createScimClient',
  'setGraphCredential',
  'createReconcileRun',
]

/** Operations that speak of no single organization. */
const global = [
  'createOrganization',
  'listOrganizations',
  'discover',
  'getOpenApi',
  'listEncryptionKeys',
  'getOverview',
  'getStatistics',
]

type Operation = { readonly id: string; readonly method: string; readonly path: string }

function documentedOperations(): readonly Operation[] {
  const body = renderOpenApi() as Json
  const paths = Object.entries(body['paths'] as Readonly<Record<string, Json>>)
  return paths.flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      id: textOf(operation as Json, 'operationId'),
      method: method.toUpperCase(),
      path: path.replace(/^\/api\/v1/, ''),
    })),
  )
}

/** An organization with one of everything. */
async function populate(api: AdminApi, slug: string): Promise<Ids> {
  const organization = await createContoso(api, slug)
  const domain = `${slug}.example`
  await api.post(`/organizations/${slug}/domains`, { domain })
  const connection = await api.post(`/organizations/${slug}/connections`, {
    name: 'Entra',
    manual,
    status: 'testing',
  })
  const connectionId = textOf(connection.body, 'id')
  const testers = `/organizations/${slug}/connections/${connectionId}/testers`
  await api.post(testers, { kind: 'nameId', value: 'ann' })
  const user = await addPerson(`usr_${slug}`, { organization: slug, connectionId })
  const session = await addSession(`ses_${slug}`, { personId: user, connectionId })
  await env.DB.prepare(
    `insert into tombstones (organization_id, key, person_id, at) values (?, 'name:x', ?, 1)`,
  )
    .bind(organization['id'], user)
    .run()
  await env.DB.prepare(
    `insert into refusal_counts (connection_id, hour, code, organization_id, count) values (?, 1, 'saml.audience', ?, 1)`,
  )
    .bind(connectionId, organization['id'])
    .run()
  const made = await api.post(`/organizations/${slug}/recovery-links`, { user })
  const link = textOf(made.body, 'id')
  const parts = ['saml', 'scim']
  const setup = await api.post(`/organizations/${slug}/setup-links`, { name: 'IT', parts })
  const org = textOf(organization, 'id')
  const group = await addGroupRow(`grp_${slug}`, { organizationId: org, connection: connectionId })
  await addMemberRows(group, [user])
  const at = { name: 'Entra', connection: connectionId }
  const token = await api.post(`/organizations/${slug}/scim-tokens`, at)
  const client = await api.post(`/organizations/${slug}/scim-clients`, at)
  const [secret] = listOf(client.body, 'secrets')
  await api.put(`/organizations/${slug}/graph`, {
    ...graphApp,
    clientSecret: `of ${slug}`.replace(' ', '-'),
  })
  const key = `of_${slug}`
  await api.post(`/organizations/${slug}/attributes`, { key, label: 'Own' })
  await env.DB.prepare(
    `insert into reconcile_runs (id, organization_id, connection_id, kind, trigger, status, step, continue_at, created_at)
      values (?, ?, ?, 'reconcile', 'api', 'held', 'apply', 1, 1)`,
  )
    .bind(`run_${slug}`, org, connectionId)
    .run()
  await env.DB.prepare(
    `insert into drift_items (id, organization_id, connection_id, run_id, kind, rule, action, state, fingerprint, at)
      values (?, ?, ?, ?, 'scim_silent', 'A rule.', 'reported', 'open', ?, 1)`,
  )
    .bind(`drf_${slug}`, org, connectionId, `run_${slug}`, slug)
    .run()
  const tried = await api.post(
    `/organizations/${slug}/connections/${connectionId}/test-sign-ins`,
    {},
  )
  await env.DB.prepare(
    `insert into events (id, at, organization_id, type, outcome, actor, request_id) values (?, 1, ?, 'sign_in', 'success', 'person', 'req_x')`,
  )
    .bind(`evt_${slug}`, org)
    .run()
  return {
    [shared]: 'saml.claims',
    test: textOf(tried.body, 'id'),
    drift: `drf_${slug}`,
    event: `evt_${slug}`,
    run: `run_${slug}`,
    org,
    domain,
    key,
    connection: connectionId,
    user,
    group,
    session,
    link,
    setupLink: textOf(setup.body, 'id'),
    token: textOf(token.body, 'id'),
    client: textOf(client.body, 'id'),
    secret: textOf(secret, 'id'),
    certificate: textOf(listOf(connection.body['idp'] as Json, 'certificates')[0], 'sha256'),
  }
}

/** Everything that the database holds of an organization. */
async function dump(organizationId: string): Promise<string> {
  const owned = [
    'domains',
    'connections',
    'connection_certificates',
    'connection_keys',
    'metadata_refreshes',
  ]
  const more = [
    'connection_testers',
    'people',
    'sessions',
    'tombstones',
    'recovery_links',
    'scim_tokens',
    'scim_clients',
    'scim_client_secrets',
    'graph_credentials',
    'reconcile_runs',
    'reconcilers',
    'drift_items',
    'attribute_definitions',
    'mappings',
    'reconcile_runs',
    'events',
    'groups',
    'group_members',
    'setup_steps',
    'setup_links',
    'test_sign_ins',
  ]
  const tables = await Promise.all(
    [...owned, ...more].map((table) =>
      env.DB.prepare(`select * from ${table} where organization_id = ?`).bind(organizationId).all(),
    ),
  )
  const own = await env.DB.prepare('select * from organizations where id = ?')
    .bind(organizationId)
    .all()
  return JSON.stringify([own.results, ...tables.map(({ results }) => results)])
}

function fill(path: string, ids: Ids): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    // Two kinds of links, each under its own path.
    const id = path.includes('/setup-links/') && name === 'link' ? ids['setupLink'] : ids[name]
    if (id === undefined) throw new Error(`no id for {${name}} of ${path}`)
    return id
  })
}

async function send(api: AdminApi, operation: Operation, path: string, ids: Ids) {
  const query = queries[operation.id] ?? ''
  const makesBody = bodies[operation.id]
  const body = makesBody === undefined ? {} : { body: makesBody(ids) }
  return api.call(operation.method, path + query, body)
}

describe('another organization’s ids', () => {
  it('are not found on any documented path, and nothing of it is shown or changed', {
    timeout: 60_000,
  }, async () => {
    const api = openAdminApi()
    const ours = await populate(api, 'contoso')
    const theirs = await populate(api, 'fabrikam')
    const before = await dump(theirs['org'] ?? '')
    const operations = documentedOperations().filter(({ id }) => !global.includes(id))
    expect(operations.length).toBeGreaterThan(25)
    for (const operation of operations) {
      const names = [...operation.path.matchAll(/\{(\w+)\}/g)]
        .map((match) => match[1])
        .filter((name) => name !== shared)
      const isOfOne = names.length > 1 || named.includes(operation.id)
      const isOurOwn = names.length === 1 && operation.method !== 'GET' && !isOfOne
      if (isOurOwn) continue
      const path = fill(operation.path, { ...theirs, org: ours['org'] ?? '' })
      const answer = await send(api, operation, path, theirs)
      expect([operation.id, answer.status]).toEqual([operation.id, isOfOne ? 404 : 200])
      for (const name of [
        'connection',
        'user',
        'group',
        'session',
        'link',
        'setupLink',
        'key',
        ...scim,
      ]) {
        expect([operation.id, answer.text.includes(String(theirs[name]))]).toEqual([
          operation.id,
          false,
        ])
      }
    }
    expect(await dump(theirs['org'] ?? '')).toBe(before)
  })

  it('are found in their own organization on every one of these paths', {
    timeout: 60_000,
  }, async () => {
    const api = openAdminApi()
    const theirs = await populate(api, 'fabrikam')
    const operations = documentedOperations().filter(({ id }) => !global.includes(id))
    // What a deletion takes with it is asked for before: longest path first, deletions last.
    const ordered = [
      ...operations.filter(({ method }) => method !== 'DELETE'),
      ...operations
        .filter(({ method }) => method === 'DELETE')
        .sort((a, b) => b.path.length - a.path.length),
    ]
    for (const operation of ordered) {
      if (operation.id === 'endSession')
        await addSession('ses_again', { personId: theirs['user'] ?? '' })
      // It went with its connection.
      if (operation.id === 'removeGraphCredential')
        await api.put('/organizations/fabrikam/graph', { ...graphApp, clientSecret: 'again' })
      const ids = operation.id === 'endSession' ? { ...theirs, session: 'ses_again' } : theirs
      const answer = await send(api, operation, fill(operation.path, ids), ids)
      expect([operation.id, answer.status === 404]).toEqual([operation.id, false])
    }
  })

  it('of no organization at all are not found either', { timeout: 60_000 }, async () => {
    const api = openAdminApi()
    const operations = documentedOperations().filter(({ id }) => !global.includes(id))
    const nobody = {
      org: 'nobody',
      domain: 'a.example',
      key: 'mine',
      [shared]: 'saml.claims',
      connection: 'con_x',
      user: 'usr_x',
      group: 'grp_x',
      session: 'ses_x',
      link: 'rec_x',
      setupLink: 'lnk_x',
      token: 'tok_x',
      client: 'cli_x',
      secret: 'sec_x',
      run: 'run_x',
      drift: 'drf_x',
      event: 'evt_x',
      test: 'tst_x',
      certificate: 'ab'.repeat(32),
    }
    for (const operation of operations) {
      const answer = await send(api, operation, fill(operation.path, nobody), nobody)
      expect([operation.id, answer.status, answer.body['code']]).toEqual([
        operation.id,
        404,
        'admin.organization_not_found',
      ])
    }
  })
})
