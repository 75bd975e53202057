import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContoso, openAdminApi, textOf } from './admin-client.ts'
import { createConnection, manual, pathOf } from './connection-world.ts'

/** The version of the mapping, and how many runs make profiles anew. */
async function state() {
  const version = await env.DB.prepare('select mapping_version as v from organizations').first('v')
  const runs = await env.DB.prepare(
    "select count(*) as n from reconcile_runs where kind = 'resolve'",
  ).first('n')
  return [version, runs]
}

describe('claim names of a connection', () => {
  it('are part of the mapping: changing them starts a re-resolve, changing anything else does not', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    expect(await state()).toEqual([1, 0])
    await api.patch(pathOf(connection), { name: 'Entra ID' })
    expect(await state()).toEqual([1, 0])
    await api.patch(pathOf(connection), { claimNames: { department: ['dept'] } })
    expect(await state()).toEqual([2, 1])
    await api.patch(pathOf(connection), { claimNames: { department: ['dept'] } })
    expect(await state()).toEqual([2, 1])
    await api.patch(pathOf(connection), { claimNames: {} })
    expect(await state()).toEqual([3, 2])
  })

  it('come and go with the connection', async () => {
    const api = openAdminApi()
    await createContoso(api)
    const path = '/organizations/contoso/connections'
    const claimNames = { department: ['dept'] }
    const made = await api.post(path, { name: 'Entra', manual, claimNames })
    expect((await state())[0]).toBe(2)
    await api.delete(`${path}/${textOf(made.body, 'id')}`)
    expect((await state())[0]).toBe(3)
    const plain = await api.post(path, { name: 'Entra', manual })
    await api.delete(`${path}/${textOf(plain.body, 'id')}`)
    expect((await state())[0]).toBe(3)
  })
})
