import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/db/index.ts'
import { type KeyRing, unseal } from '../../../src/kernel/index.ts'
import { resealSecrets } from '../../../src/reseal.ts'
import { connectionKeyPlace } from '../../../src/saml/open-connection.ts'
import { createSigningKey, insertSigningKey, openSigningKey } from '../../../src/session/index.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { openAdminApi } from './admin-client.ts'
import { createConnection } from './connection-world.ts'

const key = (kid: string, fill: number) => ({ kid, key: new Uint8Array(32).fill(fill) })
const older = key('old', 7)
const newer = key('new', 8)

const app = {
  tenantId: 'a1a1a1a1-0000-4000-8000-00000000000a',
  clientId: '2d4d3d8e-2be3-4bef-9f87-7875a61c29de',
}

/** Everything that is sealed, under the older key; and the same database with the newer key in front. */
async function rotatedWorld() {
  const base = openAdminApi()
  const withRing = (keyRing: KeyRing, d1 = env.DB) =>
    openAdminApi({ config: { ...base.deps.config, keyRing }, d1 })
  const before = withRing([older])
  const connection = await createConnection(before)
  const stored = await before.call('PUT', '/organizations/contoso/graph', {
    body: { ...app, connection: connection['id'], clientSecret: 'secret' },
  })
  expect(stored.status).toBe(200)
  const db = openDatabase(env.DB, 'primary')
  const signing = await createSigningKey([older], base.clock.ms)
  await insertSigningKey(db, signing)
  return { db, signing, withRing, after: withRing([newer, older]) }
}

async function sealedBy(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `select private_key_sealed as sealed from connection_keys union all select private_key_sealed from signing_keys
      union all select secret_sealed from graph_credentials`,
  ).all<{ sealed: string }>()
  return results.map(({ sealed }) => sealed.split('.')[0] ?? '')
}

describe('a new encryption key', () => {
  it('takes over all that is sealed, and the old one is free', async () => {
    const { db, signing, after } = await rotatedWorld()
    const shown = async () => (await after.get('/encryption-keys')).body['items']
    expect(await shown()).toMatchObject([
      { kid: 'new', role: 'writes', uses: { connectionKeys: 0 }, free: false },
      {
        kid: 'old',
        role: 'reads',
        uses: { connectionKeys: 2, signingKeys: 1, graphCredentials: 1, tombstones: 0 },
        free: false,
      },
    ])
    await resealSecrets(after.deps, db)
    expect(await sealedBy()).toEqual(['new', 'new', 'new', 'new'])
    expect(await shown()).toMatchObject([{ kid: 'new' }, { kid: 'old', role: 'reads', free: true }])
    expect(after.log.at(-1)).toContain('"message":"encryption key is free","kid":"old"')

    // Each still opens where it was sealed for, with the new key alone.
    const { results } = await env.DB.prepare('select * from connection_keys').all()
    for (const row of results) {
      const place = connectionKeyPlace({
        id: String(row['id']),
        organizationId: String(row['organization_id']),
      })
      const opened = await unseal([newer], place, String(row['private_key_sealed']))
      expect(opened?.length).toBeGreaterThan(1000)
    }
    const sealed = await env.DB.prepare(
      'select private_key_sealed from signing_keys',
    ).first<string>('private_key_sealed')
    const stored = { ...signing, privateKeySealed: sealed ?? '' }
    expect((await openSigningKey([newer], stored))?.kid).toBe(signing.kid)
    expect(await openSigningKey([older], stored)).toBe(null)
  })

  it('costs nothing while there is one key', async () => {
    const { withRing } = await rotatedWorld()
    const counting = countingD1(env.DB)
    const api = withRing([older], counting.d1)
    await resealSecrets(api.deps, openDatabase(counting.d1, 'primary'))
    expect(counting.calls).toEqual([])
  })

  it('does not take over what another writer stored meanwhile', async () => {
    const { withRing } = await rotatedWorld()
    const counting = countingD1(env.DB)
    const api = withRing([newer, older], counting.d1)
    counting.beforeEachCall(async ({ kind, sql }) => {
      if (kind !== 'batch' && !sql.some((one) => one.startsWith('update'))) return
      await env.DB.prepare(
        "update connection_keys set private_key_sealed = 'old.meanwhile.x'",
      ).run()
    })
    await resealSecrets(api.deps, openDatabase(counting.d1, 'primary'))
    expect((await sealedBy()).sort()).toEqual(['new', 'new', 'old', 'old'])
    counting.beforeEachCall(null)
    await resealSecrets(api.deps, openDatabase(counting.d1, 'primary'))
    expect(api.log.join()).toContain('secrets do not open with the key that they name')
  })

  it('leaves alone what a key sealed that is not there, and shows it as missing', async () => {
    const { withRing, db } = await rotatedWorld()
    const api = withRing([newer, key('other', 9)])
    await resealSecrets(api.deps, db)
    expect(new Set((await sealedBy()).slice(0, 3))).toEqual(new Set(['old']))
    const { body } = await api.get('/encryption-keys')
    expect(body['items']).toMatchObject([
      { kid: 'new', role: 'writes' },
      { kid: 'other', role: 'reads', free: true },
      { kid: 'old', role: 'missing', free: false },
    ])
  })

  it('keeps the old one in use while it remembers erased people by name', async () => {
    const { db, after } = await rotatedWorld()
    await env.DB.prepare(
      `insert into tombstones (organization_id, key, person_id, at) select id, 'name:old:0123', 'usr_x', 1 from organizations`,
    ).run()
    await resealSecrets(after.deps, db)
    expect(after.log.at(-1)).toContain('"message":"encryption key is in use","kid":"old"')
    await env.DB.prepare('update tombstones set lifted_at = 2').run()
    await resealSecrets(after.deps, db)
    expect(after.log.at(-1)).toContain('encryption key is free')
  })
})
