import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { adminKey, createContoso, nextAdminKey, openAdminApi, textOf } from './admin-client.ts'
import { addPerson, addSession, createConnection, pathOf } from './connection-world.ts'

const graphTenant = 'a1a1a1a1-0000-4000-8000-00000000000a'

describe('secrets', () => {
  it('are in no answer but the first, in no event, and in no line of the log', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const connection = await createConnection(api, { status: 'active', signRequests: true })
    await addPerson('usr_a')
    await addSession('ses_a', { personId: 'usr_a' })
    await api.post(`${pathOf(connection)}/rotate-keys`)
    const links = '/organizations/contoso/recovery-links'
    const link = await api.post(links, { user: 'usr_a' }, { 'idempotency-key': 'k' })
    const token = textOf(link.body, 'url').split('#')[1] ?? ''
    const tokens = '/organizations/contoso/scim-tokens'
    const clients = '/organizations/contoso/scim-clients'
    const once = { 'idempotency-key': 's' }
    const scimToken = await api.post(tokens, { name: 'Entra' }, once)
    const scimClient = await api.post(clients, { name: 'Entra' }, once)
    const client = `${clients}/${textOf(scimClient.body, 'id')}`
    const scimSecret = await api.post(`${client}/secrets`, {}, once)
    const graph = '/organizations/contoso/graph'
    const app = { tenantId: graphTenant, clientId: graphTenant }
    const graphSecret = await api.put(graph, { ...app, clientSecret: 'graph-secret-in-use' })
    const checkedGraph = await api.post(`${graph}/check`)
    const graphCertificate = await api.put(graph, { ...app, certificate: 'generate' })
    const given = [
      textOf(scimToken.body, 'token'),
      textOf(scimClient.body, 'secret'),
      textOf(scimSecret.body, 'secret'),
    ]
    const answers = [
      graphSecret,
      checkedGraph,
      graphCertificate,
      await api.put(graph, { ...app, clientSecret: 'graph-secret refused' }),
      await api.get(graph),
      await api.post(tokens, { name: 'Entra' }, once),
      await api.post(clients, { name: 'Entra' }, once),
      await api.post(`${client}/secrets`, {}, once),
      await api.post(tokens, { name: 'Entra', token: given[0] }),
      await api.post(links, { user: 'usr_a' }, { 'idempotency-key': 'k' }),
      await api.post(links, { user: 'nobody', token }),
      await api.call('POST', '/organizations', {
        raw: `{"name": "${adminKey}`,
        headers: { 'content-type': 'application/json' },
      }),
      await api.call('GET', '/organizations', { key: `${adminKey}x` }),
      ...(await Promise.all(
        [
          '/organizations',
          '/organizations/contoso',
          '/organizations/contoso/connections',
          pathOf(connection),
          '/organizations/contoso/users',
          '/organizations/contoso/users/usr_a/sessions',
          '/organizations/contoso/events',
          links,
          tokens,
          `${tokens}/${textOf(scimToken.body, 'id')}`,
          clients,
          client,
        ].map(api.get),
      )),
    ]
    await api.delete('/organizations/contoso/sessions/ses_a')
    answers.push(await api.delete(`${links}/${textOf(link.body, 'id')}`))
    await api.delete(pathOf(connection))
    const events = await env.DB.prepare('select * from events').all()
    const details = await env.DB.prepare('select * from event_details').all()
    const sealed = await env.DB.prepare(
      'select private_key_sealed from connection_keys union all select secret_sealed from graph_credentials',
    ).all<{ private_key_sealed: string }>()
    const hashes = await env.DB.prepare(
      'select token_sha256 as hash from scim_tokens union all select secret_sha256 from scim_client_secrets',
    ).all<{ hash: string }>()
    const seen = [
      ...answers.map(({ text }) => text),
      JSON.stringify(events.results),
      JSON.stringify(details.results),
      ...api.log,
    ].join('\n')
    const secrets = [
      adminKey,
      nextAdminKey,
      token,
      ...given,
      'graph-secret',
      ...hashes.results.map((row) => row.hash),
      'sha256 of ses_a',
      String(env.ENCRYPTION_KEYS).split(':')[1] ?? '',
      ...sealed.results.map((row) => row.private_key_sealed),
      'PRIVATE KEY',
    ]
    expect(seen).toContain('BEGIN CERTIFICATE')
    for (const secret of secrets)
      expect([secret.length > 10, seen.includes(secret)]).toEqual([true, false])
  })
})
