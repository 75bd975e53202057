import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContoso, textOf } from '../admin/admin-client.ts'
import { manual, readValue } from '../admin/connection-world.ts'
import {
  contosoWorld,
  eventsOf,
  makeClient,
  makeToken,
  mint,
  planOf,
  type ScimWorld,
} from './auth-world.ts'

const second = 1000

async function contosoWithConnection() {
  const world = await contosoWorld()
  const connection = await world.api.post('/organizations/contoso/connections', {
    name: 'Entra',
    manual,
  })
  return { world, connectionId: textOf(connection.body, 'id') }
}

function codesOf(world: ScimWorld) {
  return world.knocks.filter((key) => key.startsWith('door scim'))
}

describe('a SCIM token', () => {
  it('stands for its organization and connection, and is found with one read', async () => {
    const { world, connectionId } = await contosoWithConnection()
    const made = await makeToken(world)
    const token = textOf(made, 'token')
    expect(token).toMatch(/^portico_scim_[A-Za-z0-9_-]{43}$/)
    world.counting.restart()
    const first = await world.present(token)
    expect([first.status, first.body]).toEqual([
      200,
      {
        organizationId: await readValue(
          "select id as value from organizations where slug='contoso'",
        ),
        connectionId,
        entraTenantId: null,
        tokenId: made['id'],
        clientId: null,
        scopes: ['read', 'write'],
        keepsValues: false,
        rules: { current: expect.objectContaining({ version: 1 }) },
      },
    ])
    const [read, ...rest] = world.counting.calls
    expect(read).toMatchObject({ kind: 'statement', consistency: 'first-primary' })
    expect(read?.rowsRead).toBeLessThanOrEqual(4)
    // When it was used is written behind the answer.
    expect(rest.map(({ kind }) => kind)).toEqual(['statement'])
    world.counting.restart()
    expect((await world.present(token)).status).toBe(200)
    expect(world.counting.calls).toEqual([])
  })

  it('is found by indexes alone, whatever the number of tokens', async () => {
    const { world } = await contosoWithConnection()
    const token = textOf(await makeToken(world), 'token')
    world.counting.restart()
    await world.present(token)
    const [read, flush] = world.counting.calls
    for (const sql of [...(read?.sql ?? []), ...(flush?.sql ?? [])]) {
      // json_each is the list of tokens that were used.
      expect((await planOf(sql)).filter((line) => /SCAN(?! json_each)/.test(line))).toEqual([])
    }
  })

  it('carries the tenant of an Entra connection and what the organization keeps', async () => {
    const { world, connectionId } = await contosoWithConnection()
    const token = textOf(await makeToken(world), 'token')
    await env.DB.prepare("update connections set tenant_id = 't-1' where id = ?")
      .bind(connectionId)
      .run()
    await env.DB.prepare('update organizations set keep_provisioned_values = 1').run()
    expect((await world.present(token)).body).toMatchObject({
      entraTenantId: 't-1',
      keepsValues: true,
    })
  })

  it('belongs to its organization only, whatever connection it is given', async () => {
    const { world, connectionId } = await contosoWithConnection()
    await createContoso(world.api, 'fabrikam')
    const token = textOf(await makeToken(world, {}, 'fabrikam'), 'token')
    // Even a row that names a connection of another organization reaches nothing.
    await env.DB.prepare('update scim_tokens set connection_id = ?').bind(connectionId).run()
    const refused = await world.present(token)
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('was deleted')])
  })

  it('is not remembered before the first connection, which takes it over', async () => {
    const world = await contosoWorld()
    const token = textOf(await makeToken(world), 'token')
    expect((await world.present(token)).body).toMatchObject({ connectionId: null })
    await world.api.post('/organizations/contoso/connections', { name: 'Entra', manual })
    const { body } = await world.present(token)
    expect(body['connectionId']).toMatch(/^con_/)
  })

  it('works beside another one, so that tokens can be rotated', async () => {
    const { world } = await contosoWithConnection()
    const old = await makeToken(world)
    const next = await makeToken(world)
    expect((await world.present(textOf(old, 'token'))).status).toBe(200)
    expect((await world.present(textOf(next, 'token'))).status).toBe(200)
    await world.api.delete(`/organizations/contoso/scim-tokens/${textOf(old, 'id')}`)
    world.api.clock.ms += 30 * second
    expect((await world.present(textOf(old, 'token'))).status).toBe(401)
    expect((await world.present(textOf(next, 'token'))).status).toBe(200)
  })
})

describe('a token stops working within 30 seconds of', () => {
  const path = (id: unknown) => `/organizations/contoso/scim-tokens/${String(id)}`

  it.each([
    ['being revoked', 401, 'unknown, or was revoked', (world, id) => world.api.delete(path(id))],
    [
      'being disabled',
      401,
      'disabled in Portico',
      (world, id) => world.api.patch(path(id), { disabled: true }),
    ],
    [
      'its connection being deleted',
      401,
      'was deleted',
      async (world) => {
        const { body } = await world.api.get('/organizations/contoso/connections')
        const [connection] = body['items'] as readonly { id: string }[]
        await world.api.post('/organizations/contoso/connections', { name: 'Two', manual })
        await world.api.delete(`/organizations/contoso/connections/${connection?.id}`)
      },
    ],
    [
      'SCIM being switched off',
      403,
      'switched off',
      (world) => world.api.patch('/organizations/contoso', { provisioning: { scim: false } }),
    ],
  ] as readonly [string, number, string, (world: ScimWorld, id: unknown) => Promise<unknown>][])(
    '%s',
    async (_what, status, told, change) => {
      const { world } = await contosoWithConnection()
      const made = await makeToken(world)
      const token = textOf(made, 'token')
      expect((await world.present(token)).status).toBe(200)
      await change(world, made['id'])
      world.api.clock.ms += 29 * second
      expect((await world.present(token)).status).toBe(200)
      world.api.clock.ms += second
      const refused = await world.present(token)
      expect(refused.status).toBe(status)
      expect(refused.headers.get('content-type')).toBe('application/scim+json')
      expect(textOf(refused.body, 'detail')).toContain(told)
      expect(textOf(refused.body, 'detail')).toContain('(Reference req_')
    },
  )

  it('its expiry, to the millisecond and not to the age of what is remembered', async () => {
    const { world } = await contosoWithConnection()
    const token = textOf(await makeToken(world, { expiresAt: '2026-11-24T09:00:10Z' }), 'token')
    world.api.clock.ms += 10 * second - 1
    expect((await world.present(token)).status).toBe(200)
    world.api.clock.ms += 1
    const refused = await world.present(token)
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('has expired')])
  })

  it('and works again once it is enabled', async () => {
    const { world } = await contosoWithConnection()
    const made = await makeToken(world)
    await world.api.patch(path(made['id']), { disabled: true })
    expect((await world.present(textOf(made, 'token'))).status).toBe(401)
    await world.api.patch(path(made['id']), { disabled: false })
    expect((await world.present(textOf(made, 'token'))).status).toBe(200)
  })
})

describe('a client’s access token stops working within 30 seconds of', () => {
  it('the client being disabled or deleted, or its secret being deleted', async () => {
    const { world } = await contosoWithConnection()
    const clients = '/organizations/contoso/scim-clients'
    const changes = [
      (client: { id: string }) => world.api.patch(`${clients}/${client.id}`, { disabled: true }),
      (client: { id: string }) => world.api.delete(`${clients}/${client.id}`),
      (client: { id: string; secretId: string }) =>
        world.api.delete(`${clients}/${client.id}/secrets/${client.secretId}`),
    ]
    for (const change of changes) {
      const client = await makeClient(world)
      const token = await mint(world, client)
      expect((await world.present(token)).body).toMatchObject({ clientId: client.id })
      expect((await change(client)).status).toBeLessThan(300)
      world.api.clock.ms += 30 * second
      expect((await world.present(token)).status).toBe(401)
    }
  })

  it('its secret being deleted only, so that the next one’s tokens survive the rotation', async () => {
    const { world } = await contosoWithConnection()
    const client = await makeClient(world)
    const path = `/organizations/contoso/scim-clients/${client.id}/secrets`
    const next = { id: client.id, secret: textOf((await world.api.post(path)).body, 'secret') }
    const [old, fresh] = [await mint(world, client), await mint(world, next)]
    await world.api.delete(`${path}/${client.secretId}`)
    expect((await world.present(old)).status).toBe(401)
    expect((await world.present(fresh)).status).toBe(200)
  })

  it('60 minutes after it was given, and never later than its secret', async () => {
    const { world } = await contosoWithConnection()
    const forever = await makeClient(world)
    const brief = await makeClient(world, { secretExpiresAt: '2026-11-24T09:30:00Z' })
    const [long, short] = [await mint(world, forever), await mint(world, brief)]
    world.api.clock.ms += 30 * 60 * second - 1
    expect((await world.present(short)).status).toBe(200)
    world.api.clock.ms += 1
    expect((await world.present(short)).status).toBe(401)
    world.api.clock.ms += 30 * 60 * second - 1
    expect((await world.present(long)).status).toBe(200)
    world.api.clock.ms += 1
    expect((await world.present(long)).status).toBe(401)
  })
})

describe('a request without a usable token', () => {
  it('is told what is likely wrong, and never asks the database for what cannot be a token', async () => {
    const { world } = await contosoWithConnection()
    const token = textOf(await makeToken(world), 'token')
    world.counting.restart()
    const cases: readonly (readonly [headers: Record<string, string>, told: string])[] = [
      [{}, 'no bearer token'],
      [{ authorization: `Basic ${btoa('a:b')}` }, 'no bearer token'],
      [{ authorization: 'Bearer' }, 'no bearer token'],
      [{ authorization: `Bearer Bearer ${token}` }, 'no bearer token'],
      [{ authorization: `Bearer ${token.slice(0, -1)}` }, 'pasted whole'],
      [{ authorization: `Bearer ${token}x` }, 'pasted whole'],
      [{ authorization: `Bearer ${token.toLowerCase().slice(0, -1)}%` }, 'pasted whole'],
      [{ authorization: `Bearer ${token.slice('portico_scim_'.length)}` }, 'pasted whole'],
      [{ authorization: `Bearer ${'portico_scim_'.repeat(1000)}` }, 'pasted whole'],
    ]
    for (const [headers, told] of cases) {
      const refused = await world.present(null, headers)
      expect([headers, refused.status, refused.text]).toEqual([
        headers,
        401,
        expect.stringContaining(told),
      ])
      const given = headers['authorization'] === undefined ? '' : ', error="invalid_token"'
      expect(refused.headers.get('www-authenticate')).toBe(`Bearer realm="Portico SCIM"${given}`)
      expect(refused.body['status']).toBe('401')
    }
    expect(world.counting.calls).toEqual([])
    // RFC 7235 2.1: the scheme in any case.
    expect((await world.present(null, { authorization: `bEaReR ${token}` })).status).toBe(200)
  })

  it('is answered so at the SCIM addresses themselves, before anything is looked at', async () => {
    const { world } = await contosoWithConnection()
    for (const [method, path] of [
      ['GET', '/scim/v2/Users'],
      ['POST', '/scim/v2/Bulk'],
      ['DELETE', '/scim/v2/nothing/at/all'],
    ]) {
      const refused = await world.request(path ?? '', { method: method ?? '' })
      expect([path, refused.status]).toEqual([path, 401])
      expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="Portico SCIM"')
      expect(refused.headers.get('content-type')).toBe('application/scim+json')
    }
    const authorization = `Bearer ${textOf(await makeToken(world), 'token')}`
    const { status } = await world.request('/scim/v2/Users?count=0', { headers: { authorization } })
    expect(status).toBe(200)
  })

  it('is limited by its network; one that failed too often costs no read, and shuts out no known token', async () => {
    const { world } = await contosoWithConnection()
    const token = textOf(await makeToken(world), 'token')
    expect((await world.present(token)).status).toBe(200)
    const unknown = `portico_scim_${'A'.repeat(43)}`
    expect((await world.present(unknown)).status).toBe(401)
    expect(codesOf(world)).toEqual(['door scim token local'])
    world.limits.door = false
    const refused = await world.present(unknown)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
    expect(refused.body['status']).toBe('429')
    world.counting.restart()
    expect((await world.present(unknown)).status).toBe(429)
    expect(world.counting.calls).toEqual([])
    expect((await world.present(token)).status).toBe(200)
    // Not even when its half minute is over and the network still fails.
    world.api.clock.ms += 31 * second
    expect((await world.present(unknown)).status).toBe(429)
    world.counting.restart()
    expect((await world.present(unknown)).status).toBe(429)
    expect(world.counting.calls).toEqual([])
    expect((await world.present(token)).status).toBe(200)
    world.counting.restart()
    const elsewhere = await world.present(unknown, { 'cf-connecting-ip': '203.0.113.9' })
    expect([elsewhere.status, world.counting.calls.length]).toEqual([429, 1])
    world.limits.door = true
    world.api.clock.ms += 10 * second
    expect((await world.present(unknown)).status).toBe(401)
  })

  it('is not remembered: a token works from the moment that it is made', async () => {
    const { world } = await contosoWithConnection()
    const unknown = `portico_scim_${'B'.repeat(43)}`
    for (let i = 0; i < 2; i++) {
      world.counting.restart()
      expect((await world.present(unknown)).status).toBe(401)
      expect(world.counting.calls).toHaveLength(1)
    }
  })
})

describe('a refused token', () => {
  const events = async (world: ScimWorld) =>
    (await eventsOf(world, 'provisioning.refused')).map((event) => JSON.stringify(event))

  it('that somebody holds is an event with the reason, as often as the limit allows, and then a number', async () => {
    const { world } = await contosoWithConnection()
    const made = await makeToken(world)
    const token = textOf(made, 'token')
    await world.api.patch(`/organizations/contoso/scim-tokens/${textOf(made, 'id')}`, {
      disabled: true,
    })
    await world.present(token)
    world.limits.evidence = false
    await world.present(token)
    const [event, ...more] = await events(world)
    expect(more).toEqual([])
    expect(event).toContain('"code":"scim.unauthorized"')
    expect(event).toContain('"reason":"disabled"')
    expect(event).toContain(String(made['id']))
    expect(event).not.toContain(token)
    expect(await readValue('select count as value from refusal_counts')).toBe(1)
  })

  it('of an organization without provisioning is an event every half minute, and no read in between', async () => {
    const { world } = await contosoWithConnection()
    const token = textOf(await makeToken(world), 'token')
    await world.api.patch('/organizations/contoso', { provisioning: { scim: false } })
    expect((await world.present(token)).status).toBe(403)
    world.counting.restart()
    expect((await world.present(token)).status).toBe(403)
    expect(world.counting.calls).toEqual([])
    const [event, ...more] = await events(world)
    expect([event, more]).toEqual([expect.stringContaining('"code":"scim.switched_off"'), []])
    await world.api.patch('/organizations/contoso', { provisioning: { scim: true } })
    world.api.clock.ms += 30 * second
    expect((await world.present(token)).status).toBe(200)
  })

  it('that nobody has is none', async () => {
    const { world } = await contosoWithConnection()
    await world.present(`portico_scim_${'C'.repeat(43)}`)
    expect(await events(world)).toEqual([])
  })
})

describe('a credential that calls too often', () => {
  it('is told when to come again; the tokens of a client count together', async () => {
    const { world } = await contosoWithConnection()
    const made = await makeToken(world)
    const client = await makeClient(world)
    const minted = [await mint(world, client), await mint(world, client)]
    world.knocks.length = 0
    await world.present(textOf(made, 'token'))
    // One call in ten asks for the others of its caller.
    for (let i = 0; i < 6; i++) for (const token of minted) await world.present(token)
    expect(world.knocks).toEqual([
      `scim scim ${String(made['id'])}`,
      `scim scim ${client.id}`,
      `scim scim ${client.id}`,
    ])
    world.limits.scim = false
    for (let i = 0; i < 9; i++) {
      expect((await world.present(textOf(made, 'token'))).status).toBe(200)
    }
    const refused = await world.present(textOf(made, 'token'))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
    expect(refused.headers.get('content-type')).toBe('application/scim+json')
  })
})

describe('use', () => {
  const lastUsed = (id: unknown) =>
    readValue<number>('select last_used_at as value from scim_tokens where id = ?', id)

  it('is written at once for the first time, which whoever sets it up waits for', async () => {
    const { world } = await contosoWithConnection()
    const [a, b] = [await makeToken(world), await makeToken(world)]
    await world.read(textOf(a, 'token'))
    world.api.clock.ms += second
    await world.read(textOf(b, 'token'))
    expect(await lastUsed(b['id'])).toBe(world.api.clock.ms)
    world.counting.restart()
    world.api.clock.ms += second
    await world.read(textOf(b, 'token'))
    expect(world.counting.calls.filter(({ kind }) => kind === 'batch')).toEqual([])
  })

  it('is written at most once a minute, in one batch for all', async () => {
    const { world } = await contosoWithConnection()
    const [a, b] = [await makeToken(world), await makeToken(world)]
    await env.DB.prepare('update scim_tokens set last_used_at = 1').run()
    const start = world.api.clock.ms
    await world.read(textOf(a, 'token'))
    expect(await lastUsed(a['id'])).toBe(start)
    world.counting.restart()
    world.api.clock.ms += 20 * second
    await world.read(textOf(a, 'token'))
    await world.read(textOf(b, 'token'))
    expect(world.counting.calls.filter(({ kind }) => kind === 'batch')).toEqual([])
    expect(await lastUsed(b['id'])).toBe(1)
    world.api.clock.ms += 40 * second
    world.counting.restart()
    await world.read(textOf(a, 'token'))
    const batches = world.counting.calls.filter(({ kind }) => kind === 'batch')
    expect(batches).toHaveLength(1)
    // When credentials were used, and reads by day and by hour.
    expect(batches[0]?.sql).toHaveLength(3)
    expect(await lastUsed(a['id'])).toBe(start + 60 * second)
    expect(await lastUsed(b['id'])).toBe(start + 20 * second)
    const counts = await env.DB.prepare(
      'select token_id, hour, count from scim_read_counts order by count desc',
    ).all()
    const hour = Math.floor(start / 3_600_000)
    // What is read while the sums are written waits for the next time.
    expect(counts.results).toEqual([
      { token_id: a['id'], hour, count: 2 },
      { token_id: b['id'], hour, count: 1 },
    ])
    const daily = await env.DB.prepare(
      'select day, type, count from daily_counts order by organization_id',
    ).all()
    const sum = { day: Math.floor(hour / 24), type: 'scim.read', count: 3 }
    expect(daily.results).toEqual([sum, sum])
  })

  it('is forgotten with the organization', async () => {
    const { world } = await contosoWithConnection()
    const token = textOf(await makeToken(world), 'token')
    await world.read(token)
    world.api.clock.ms += 60 * second
    await world.read(token)
    expect(await readValue('select count(*) as value from scim_read_counts')).toBe(1)
    expect((await world.api.delete('/organizations/contoso')).status).toBe(204)
    for (const table of ['scim_read_counts', 'scim_tokens']) {
      expect(await readValue(`select count(*) as value from ${table}`)).toBe(0)
    }
    const own = `select count(*) as value from daily_counts where organization_id <> ''`
    expect(await readValue(own)).toBe(0)
    world.api.clock.ms += 30 * second
    expect((await world.present(token)).status).toBe(401)
  })

  it('is never written back in time, and adds up', async () => {
    const { world } = await contosoWithConnection()
    const made = await makeToken(world)
    await env.DB.prepare('update scim_tokens set last_used_at = ?').bind(8e15).run()
    await world.read(textOf(made, 'token'))
    world.api.clock.ms += 60 * second
    await world.read(textOf(made, 'token'))
    world.api.clock.ms += 60 * second
    await world.read(textOf(made, 'token'))
    expect(await lastUsed(made['id'])).toBe(8e15)
    expect(await readValue('select count as value from scim_read_counts')).toBe(2)
  })

  it('is kept for the next time when the database does not answer, and the request is answered', async () => {
    const { world } = await contosoWithConnection()
    const [a, b] = [await makeToken(world), await makeToken(world)]
    await env.DB.prepare('update scim_tokens set last_used_at = 1').run()
    await world.read(textOf(a, 'token'))
    world.api.clock.ms += 20 * second
    const at = world.api.clock.ms
    await world.read(textOf(b, 'token'))
    world.api.clock.ms += 40 * second
    world.counting.restart()
    // The token is read again, then the flush fails.
    world.counting.failAt([{ call: 1, when: 'before' }])
    expect((await world.read(textOf(a, 'token'))).status).toBe(200)
    expect(world.api.log.join()).toContain('background work failed')
    expect(await lastUsed(b['id'])).toBe(1)
    world.counting.failAt([])
    world.api.clock.ms += 60 * second
    await world.read(textOf(a, 'token'))
    expect([await lastUsed(a['id']), await lastUsed(b['id'])]).toEqual([world.api.clock.ms, at])
    const counts = await env.DB.prepare(
      'select token_id, count from scim_read_counts order by count',
    ).all()
    expect(counts.results).toEqual([
      { token_id: b['id'], count: 1 },
      { token_id: a['id'], count: 2 },
    ])
  })

  it('of a client is counted under the client, whose tokens last an hour', async () => {
    const { world } = await contosoWithConnection()
    const client = await makeClient(world)
    for (let i = 0; i < 3; i++) {
      await world.read(await mint(world, client))
      world.api.clock.ms += 60 * second
    }
    expect(await readValue('select token_id as value from scim_read_counts')).toBe(client.id)
    expect(await readValue('select count as value from scim_read_counts')).toBe(2)
  })
})
