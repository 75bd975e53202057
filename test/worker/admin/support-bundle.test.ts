import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { listOf, openAdminApi, textOf } from './admin-client.ts'
import { createConnection } from './connection-world.ts'

const path = '/organizations/contoso/support-bundle'

async function contoso() {
  const api = openAdminApi()
  const connection = await createConnection(api)
  const token = await api.post('/organizations/contoso/scim-tokens', { name: 'Entra' })
  const client = await api.post('/organizations/contoso/scim-clients', { name: 'Entra' })
  await api.put('/organizations/contoso/graph', {
    tenantId: 'a1a1a1a1-0000-4000-8000-00000000000a',
    clientId: '2d4d3d8e-2be3-4bef-9f87-7875a61c29de',
    clientSecret: 'graph-secret-value',
  })
  await env.DB.batch([
    env.DB.prepare(
      `insert into events (id, at, organization_id, type, outcome, code, actor, request_id, facts)
        select 'evt_z', 1, organization_id, 'sign_in', 'refused', 'saml.audience', 'person', 'req_x', '{"door":"acs"}' from connections`,
    ),
    env.DB.prepare(
      `insert into event_details (event_id, detail, expires_at) values ('evt_z', '{"nameId":"ann.secret@contoso.com"}', 9)`,
    ),
  ])
  return { api, connection, token, client }
}

describe('a support bundle', () => {
  it('says how everything is set, and what happened last', async () => {
    const { api, connection } = await contoso()
    const { body } = await api.get(path)
    expect(body).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      schema: expect.stringMatching(/^\d{4}_/),
      personal: false,
      parts: {
        settings: { slug: 'contoso' },
        connections: { items: [{ id: connection['id'] }] },
        mapping: { version: expect.any(Number) },
        health: { organization: { slug: 'contoso' } },
        graph: { clientId: expect.any(String) },
      },
    })
    const event = listOf(body, 'events').find(({ id }) => id === 'evt_z')
    expect(event).toMatchObject({
      detail: { door: 'acs' },
      explanation: { fix: expect.any(String) },
    })
  })

  it('holds no secret and no private key, whoever asks', async () => {
    const { api, token, client } = await contoso()
    const { text } = await api.get(`${path}?personal=true`)
    const stored = await env.DB.prepare(
      `select json_group_array(v) as list from (select token_sha256 v from scim_tokens union select secret_sha256 from scim_client_secrets union select private_key_sealed from connection_keys)`,
    ).first<string>('list')
    const secrets = [
      textOf(token.body, 'token'),
      'graph-secret-value',
      'PRIVATE KEY',
      ...(JSON.parse(stored ?? '[]') as string[]),
      ...(JSON.stringify(client.body)
        .match(/"secret":"([^"]+)"/)
        ?.slice(1) ?? []),
    ]
    expect(secrets.length).toBeGreaterThan(4)
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('tells personal values only when these are asked for', async () => {
    const { api } = await contoso()
    expect((await api.get(path)).text).not.toContain('ann.secret')
    expect((await api.get(`${path}?personal=true`)).text).toContain('ann.secret')
    expect((await api.get(`${path}?personal=perhaps`)).status).toBe(400)
  })

  it('says of what is not there why', async () => {
    const api = openAdminApi()
    await api.post('/organizations', { slug: 'contoso', name: 'Contoso' })
    const { body } = await api.get(path)
    expect(body['parts']).toMatchObject({
      graph: { refused: 'admin.graph_credential_not_found' },
      connections: { items: [] },
    })
  })
})
