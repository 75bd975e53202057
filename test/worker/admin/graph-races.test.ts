import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/index.ts'
import { loadGraphCredential, openGraphCredential } from '../../../src/graph/index.ts'
import { limits } from '../../../src/kernel/index.ts'
import { resealSecrets } from '../../../src/reseal.ts'
import { context } from '../../support/saml-context.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { blamed, createContoso, listOf, openAdminApi } from './admin-client.ts'

const path = '/organizations/contoso/graph'
const otherApp = 'b2b2b2b2-0000-4000-8000-00000000000b'
const app = { tenantId: context.tenantId, clientId: '2d4d3d8e-2be3-4bef-9f87-7875a61c29de' }
const older = { kid: 'old', key: new Uint8Array(32).fill(7) }
const newer = { kid: 'new', key: new Uint8Array(32).fill(8) }

/** Contoso with a credential, and an API whose calls to D1 another writer comes between. */
async function racingWorld() {
  const counting = countingD1(env.DB)
  const api = openAdminApi({ d1: counting.d1 })
  const other = openAdminApi()
  const organization = await createContoso(other)
  await other.put(path, { ...app, clientSecret: 'first' })
  const opened = async () => {
    const db = openDatabase(env.DB, 'primary')
    const key = { organizationId: String(organization['id']), connectionId: '' }
    const row = await loadGraphCredential(db, key)
    return row === null ? null : openGraphCredential(api.deps.config.keyRing, row)
  }
  /** Before the first write of the API, once. */
  function between(work: () => Promise<unknown>) {
    counting.beforeEachCall(async ({ sql }) => {
      if (!sql.some((one) => /^(insert into|delete from) "?graph_credentials/.test(one))) return
      counting.beforeEachCall(null)
      await work()
    })
  }
  return { api, other, opened, between }
}

describe('a credential that is changed without a new secret', () => {
  it('keeps the secret that another admin stored at the same moment', async () => {
    const { api, other, opened, between } = await racingWorld()
    between(() => other.put(path, { ...app, clientSecret: 'second' }))
    const changed = await api.put(path, { ...app, appId: otherApp })
    expect([changed.status, changed.body['appId']]).toEqual([200, otherApp])
    expect(await opened()).toMatchObject({ value: { proof: { secret: 'second' } } })
    const { body } = await api.get('/organizations/contoso/events?type=graph.credential_set')
    expect(listOf(body, 'items')).toHaveLength(3)
  })

  it('is not made again from what another admin deleted at the same moment', async () => {
    const { api, other, opened, between } = await racingWorld()
    between(() => other.delete(path))
    expect(blamed(await api.put(path, { ...app, appId: otherApp }))).toEqual(['clientSecret'])
    expect(await opened()).toBeNull()
  })

  it('is not said to be stored when a first connection came meanwhile', async () => {
    const { api, other, between } = await racingWorld()
    const end = '2027-11-24T09:00:00.000Z'
    between(async () => {
      await env.DB.prepare(
        `insert into connections (id, organization_id, name, idp_entity_id, sso_url, created_at, updated_at)
          select 'con_x', id, 'x', 'x', 'x', 1, 1 from organizations`,
      ).run()
    })
    const answer = await api.put(path, { ...app, clientSecretExpiresAt: end })
    expect(answer.status).not.toBe(200)
    await env.DB.prepare('delete from connections').run()
    expect((await other.get(path)).body['expiresAt']).toBe(null)
  })
})

it('a credential that is sealed anew at the same moment is deleted all the same', async () => {
  const { api, other, opened, between } = await racingWorld()
  const { keyRing } = api.deps.config
  const rotated = openAdminApi({ config: { ...api.deps.config, keyRing: [newer, ...keyRing] } })
  between(() => resealSecrets(rotated.deps, openDatabase(env.DB, 'primary')))
  expect((await api.delete(path)).status).toBe(204)
  expect(await opened()).toBeNull()
  const { body } = await other.get('/organizations/contoso/events?type=graph.credential_removed')
  expect(listOf(body, 'items')).toHaveLength(1)
})

describe('a new key of ENCRYPTION_KEYS', () => {
  it('reaches every secret, though more than a portion of others cannot be opened', async () => {
    const base = openAdminApi()
    const withRing = (keyRing: typeof base.deps.config.keyRing) =>
      openAdminApi({ config: { ...base.deps.config, keyRing } })
    const before = withRing([older])
    const organization = await createContoso(before)
    const lost = limits.resealedGraphSecretsPerTick + 2
    for (let i = 0; i < lost; i++) {
      // Half were sealed by a key that is gone, half do not open with the one that they name.
      await env.DB.prepare(
        `insert into graph_credentials (organization_id, connection_id, tenant_id, client_id, app_id, kind, secret_sealed, created_at, updated_at)
          values (?, ?, 't', 'c', 'a', 'secret', ?, 1, 1)`,
      )
        .bind(organization['id'], `!${i}`, i % 2 === 0 ? 'gone.AA.AA' : 'old.AA.AA')
        .run()
    }
    await before.put(path, { ...app, clientSecret: 'kept' })
    const after = withRing([newer, older])
    // Which ones a tick takes is left to chance, so that those that cannot be opened stop nobody for long.
    for (let tick = 0; tick < 40; tick++) {
      await resealSecrets(after.deps, openDatabase(env.DB, 'primary'))
    }
    const kids = await env.DB.prepare(
      "select substr(secret_sealed, 1, 4) as kid from graph_credentials where connection_id = ''",
    ).first<string>('kid')
    expect(kids).toBe('new.')
  })
})
