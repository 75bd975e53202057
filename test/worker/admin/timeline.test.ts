import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { timedIdFrom } from '../../../src/kernel/index.ts'
import { countingD1 } from '../support/counting-d1.ts'
import { blamed, createContoso, listOf, openAdminApi, startMs, textOf } from './admin-client.ts'
import { addPerson, addSession } from './connection-world.ts'

const path = '/organizations/contoso/users/usr_ann/timeline'

async function contoso() {
  const counting = countingD1(env.DB)
  const api = openAdminApi({ d1: counting.d1 })
  const organizationId = textOf(await createContoso(api), 'id')
  await addPerson('usr_ann')
  await addPerson('usr_bob')
  return { api, counting, organizationId }
}

async function addEvent(
  organizationId: string,
  { at, ...rest }: { at: number; type: string; actor: string; code?: string; person?: string },
): Promise<void> {
  await env.DB.prepare(
    `insert into events (id, at, organization_id, type, outcome, code, person_id, actor, request_id)
      values (?, ?, ?, ?, ?, ?, ?, ?, 'req_x')`,
  )
    .bind(
      ...[timedIdFrom('evt', at), at, organizationId, rest.type],
      ...[rest.code === undefined ? 'success' : 'refused', rest.code ?? null],
      ...[rest.person ?? 'usr_ann', rest.actor],
    )
    .run()
}

describe('a timeline', () => {
  it('tells of every source, newest first, each once over all pages', async () => {
    const { api, organizationId } = await contoso()
    await addEvent(organizationId, { at: startMs + 1, type: 'user.created', actor: 'provisioning' })
    await addEvent(organizationId, { at: startMs + 2, type: 'sign_in', actor: 'person' })
    await addEvent(organizationId, {
      at: startMs + 4,
      type: 'user.updated',
      actor: 'reconciliation',
    })
    await addEvent(organizationId, {
      at: startMs + 5,
      type: 'user.blocked',
      actor: 'admin:usr_bob',
    })
    await addEvent(organizationId, {
      at: startMs + 6,
      type: 'sign_in',
      actor: 'identity-provider',
      code: 'directory.person_inactive',
    })
    await addEvent(organizationId, {
      at: startMs + 7,
      type: 'sign_in',
      actor: 'person',
      person: 'usr_bob',
    })
    await addSession('ses_1', { personId: 'usr_ann' })
    await env.DB.prepare('update sessions set created_at = ?, expires_at = ?')
      .bind(startMs + 2, startMs + 100)
      .run()
    await env.DB.batch([
      env.DB.prepare(
        `insert into reconcile_runs (id, organization_id, connection_id, kind, trigger, status, step, continue_at, created_at)
          values ('run_1', ?, 'con_x', 'reconcile', 'api', 'done', 'apply', 1, 1)`,
      ).bind(organizationId),
      env.DB.prepare(
        `insert into drift_items (id, organization_id, connection_id, run_id, kind, person_id, attribute, stated, rule, action, state, fingerprint, at)
          values ('drf_1', ?, 'con_x', 'run_1', 'attribute', 'usr_ann', 'title', '"Chief"', 'A rule.', 'reported', 'open', 'f', ?)`,
      ).bind(organizationId, startMs + 3),
    ])
    const items = listOf((await api.get(path)).body, 'items')
    expect(items.map(({ kind, origin }) => `${kind} ${origin}`)).toEqual([
      'event sign-in',
      'event admin',
      'event graph',
      'drift graph',
      'session sign-in',
      'event sign-in',
      'event scim',
    ])
    expect(items[0]?.['event']).toMatchObject({ explanation: { entra: expect.any(String) } })
    expect(items[3]?.['detail']).toMatchObject({ attribute: 'title', action: 'reported' })
    // Values of a difference are where drift is shown.
    expect(JSON.stringify(items)).not.toContain('Chief')
    const ids: unknown[] = []
    let cursor = ''
    do {
      const { body } = await api.get(`${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ids.push(...listOf(body, 'items').map(({ id }) => id))
      cursor = body['nextCursor'] === null ? '' : textOf(body, 'nextCursor')
    } while (cursor !== '')
    expect(ids).toEqual(items.map(({ id }) => id))
    expect(blamed(await api.get(`${path}?cursor=evt_1`))).toEqual(['cursor'])
  })

  it('of one among many costs the same, however much happened to others', async () => {
    const { api, counting, organizationId } = await contoso()
    await addEvent(organizationId, { at: startMs + 1, type: 'sign_in', actor: 'person' })
    const cost = async () => {
      counting.restart()
      await api.get(path)
      return counting.rows().read
    }
    const few = await cost()
    const numbers = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => i))
    await env.DB.prepare(
      `insert into events (id, at, organization_id, type, outcome, person_id, actor, request_id)
        select printf('evt_9%08d', value), ?, ?, 'sign_in', 'success', 'usr_bob', 'person', 'req_x' from json_each(?)`,
    )
      .bind(startMs, organizationId, numbers)
      .run()
    expect(await cost()).toBe(few)
    expect(few).toBeLessThan(20)
  })
})
