import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { buildMetadata } from '../../support/saml-messages.ts'
import { context } from '../support/door-world.ts'
import { createContoso, openAdminApi, textOf } from './admin-client.ts'
import { addPerson, bindPerson, createConnection, entraKey, readValue } from './connection-world.ts'

const id = (n: number) => `0b1ec700-1111-4111-8111-00000000000${n}`

/** Makes somebody the work of SCIM, with the externalId that it stated. */
async function state(person: string, externalId: string | null): Promise<string> {
  await env.DB.prepare('update people set scim_at = 1, external_id = ? where id = ?')
    .bind(externalId, person)
    .run()
  return person
}

async function bound(): Promise<string | null> {
  return readValue<string | null>(
    `select group_concat(person_id || ' ' || key || ' ' || bound_by || ' ' || connection_id, char(10)) as value
      from (select * from identities order by person_id)`,
  )
}

async function world() {
  const api = openAdminApi()
  await createContoso(api)
  await createContoso(api, 'fabrikam')
  return api
}

describe('object ids that SCIM stated before the first connection', () => {
  it('bind their people once there is a tenant to trust them under', async () => {
    const api = await world()
    await state(await addPerson('usr_ann'), id(1))
    await state(await addPerson('usr_upper'), id(2).toUpperCase())
    await state(await addPerson('usr_nickname'), 'ann')
    await state(await addPerson('usr_hyphens'), '-'.repeat(36))
    await state(await addPerson('usr_letters'), id(3).replaceAll('1', 'x'))
    await state(await addPerson('usr_none'), null)
    await state(await addPerson('usr_twin'), id(4))
    await state(await addPerson('usr_twin2'), id(4))
    await state(await addPerson('usr_known'), id(5))
    await bindPerson('usr_known', 'con_old', entraKey(id(6)))
    await state(await addPerson('usr_taken'), id(6))
    await state(await addPerson('usr_elsewhere', { organization: 'fabrikam' }), id(7))
    // Made by a sign-in, so it has the externalId from there and SCIM has not stated it.
    await env.DB.prepare('update people set external_id = ?2 where id = ?1')
      .bind(await addPerson('usr_signed'), id(8))
      .run()
    const connection = textOf(
      await createConnection(api, { metadataXml: await buildMetadata() }),
      'id',
    )
    expect((await bound())?.split('\n')).toEqual([
      `usr_ann ${entraKey(id(1))} scim ${connection}`,
      `usr_known ${entraKey(id(6))} saml con_old`,
      `usr_upper ${entraKey(id(2))} scim ${connection}`,
    ])
  })

  it('bind nobody under another provider, nor by a second connection', async () => {
    const api = await world()
    await state(await addPerson('usr_ann'), id(1))
    await createConnection(api)
    await createConnection(api, { metadataXml: await buildMetadata() })
    expect([await bound(), context.tenantId]).toEqual([null, expect.any(String)])
  })

  it('bind nobody whom an earlier connection of another provider stated, and whom the next one takes over', async () => {
    const api = await world()
    const view = (person: string) =>
      env.DB.prepare(
        "insert into source_views (person_id, source, organization_id, attributes, sha256, at) select id, 'scim', organization_id, '{}', '', 1 from people where id = ?",
      )
        .bind(person)
        .run()
    await state(await addPerson('usr_ann'), id(1))
    await view('usr_ann')
    const other = textOf(await createConnection(api), 'id')
    await api.delete(`/organizations/contoso/connections/${other}`)
    await state(await addPerson('usr_bob'), id(2))
    await view('usr_bob')
    const connection = textOf(
      await createConnection(api, { metadataXml: await buildMetadata() }),
      'id',
    )
    expect(await bound()).toBe(`usr_bob ${entraKey(id(2))} scim ${connection}`)
  })

  it('forget who was erased with them, but bind nobody whom an operator blocked', async () => {
    const api = await world()
    await state(await addPerson('usr_ann'), id(1))
    await state(await addPerson('usr_bob'), id(2))
    await env.DB.prepare(
      "insert into tombstones (organization_id, key, person_id, at, was_blocked) select organization_id, 'entra:' || ? || ':' || external_id, 'usr_old' || id, 1, id = 'usr_bob' from people",
    )
      .bind(context.tenantId)
      .run()
    await createConnection(api, { metadataXml: await buildMetadata() })
    expect(await bound()).toMatch(/^usr_ann [^\n]*$/)
    expect(await readValue('select group_concat(person_id) as value from tombstones')).toBe(
      'usr_oldusr_bob',
    )
  })
})
