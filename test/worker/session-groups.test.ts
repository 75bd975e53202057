import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { claims, defaultAttributes } from '../support/saml-builder.ts'
import { addGroupRow, addMemberRows } from './scim/groups-world.ts'
import { context, createContoso, doorWorld, tables } from './support/door-world.ts'

const opsId = '11111111-2222-4333-8444-aaaaaaaaaaaa'
const otherId = '11111111-2222-4333-8444-bbbbbbbbbbbb'

type Rules = readonly ({ group: string; role: string } | { appRole: string; role: string })[]

/** Ann has signed in; her provider's list names one group. */
async function signedIn(roleRules: Rules = []) {
  const { db } = await createContoso({ organization: { roleRules } })
  const world = doorWorld()
  const browser = world.browser()
  const attributes = { ...defaultAttributes, [claims.groups]: [opsId, 'On-premises group'] }
  await browser.signIn({ assertion: { attributes } })
  const [ann] = await db.select().from(tables.people)
  if (ann === undefined) throw new Error('Ann must be there')

  async function session(): Promise<{ groups: unknown; roles: unknown }> {
    world.counting.restart()
    const { groups, roles } = await (await browser.go('/session')).json<Record<string, unknown>>()
    return { groups, roles }
  }

  const group = (id: string, values: Parameters<typeof addGroupRow>[1] = {}) =>
    addGroupRow(id, { connection: context.connectionId, ...values })

  return { db, world, browser, annId: ann.id, session, group }
}

/** Who the page of a person says that the groups and the roles came from. */
async function cameFrom(page: string): Promise<readonly (string | undefined)[]> {
  const cell = (row: string) =>
    new RegExp(`<th scope="row">${row}</th><td>[^<]*</td><td class="soft">([^<]*)</td>`).exec(
      page,
    )?.[1]
  return [cell('Groups'), cell('Roles')]
}

describe('the groups of a session', () => {
  it('are shown with who said so', async () => {
    const { browser, group, annId } = await signedIn([{ group: 'Ops', role: 'admin' }])
    const page = async () => (await browser.go('/')).text()
    expect(await cameFrom(await page())).toEqual(['Sign-in', 'Default of Contoso'])
    await group('grp_ops', { displayName: 'Ops' })
    await addMemberRows('grp_ops', [annId])
    expect(await cameFrom(await page())).toEqual([
      'Provisioning',
      'Default of Contoso, and its rules for groups',
    ])
  })

  it('are the list of the sign-in while provisioning knows no group', async () => {
    const { session, group, annId } = await signedIn()
    await group('grp_elsewhere', { connection: 'con_2' })
    await addMemberRows('grp_elsewhere', [annId])
    expect(await session()).toEqual({ groups: [opsId, 'On-premises group'], roles: ['member'] })
  })

  it('are those of provisioning as soon as it knows one, also when the person is in none', async () => {
    const { session, group, annId } = await signedIn()
    await group('grp_a', { externalId: otherId })
    expect(await session()).toEqual({ groups: [], roles: ['member'] })
    await group('grp_b')
    await addMemberRows('grp_a', [annId])
    await addMemberRows('grp_b', [annId])
    expect(await session()).toEqual({ groups: [otherId, 'grp_b'], roles: ['member'] })
    await env.DB.prepare("delete from groups where id = 'grp_a'").run()
    expect(await session()).toEqual({ groups: ['grp_b'], roles: ['member'] })
  })

  it('are none once provisioning has taken its last group back: an old list gives no role again', async () => {
    const { session, group, annId } = await signedIn([{ group: opsId, role: 'admin' }])
    expect(await session()).toMatchObject({ roles: ['member', 'admin'] })
    await group('grp_a', { externalId: otherId })
    await addMemberRows('grp_a', [annId])
    await env.DB.prepare("delete from groups where id = 'grp_a'").run()
    expect(await session()).toEqual({ groups: [], roles: ['member'] })
  })

  it('are those that hold the person, not those that hold a group of the person', async () => {
    const { session, group, annId } = await signedIn([{ group: 'Outer', role: 'admin' }])
    await group('grp_inner')
    await group('grp_outer', { displayName: 'Outer' })
    await addMemberRows('grp_inner', [annId])
    await addMemberRows('grp_outer', ['grp_inner'])
    expect(await session()).toEqual({ groups: ['grp_inner'], roles: ['member'] })
  })

  it('cost one call and three rows each: the membership, the group and its index', async () => {
    const { session, group, annId, world } = await signedIn()
    await session()
    const join = async (id: string) => {
      await group(id)
      await addMemberRows(id, [annId])
      await session()
      expect(world.counting.calls).toHaveLength(1)
      return world.counting.rows().read
    }
    const one = await join('grp_1')
    for (const id of ['grp_2', 'grp_3', 'grp_4']) await join(id)
    expect((await join('grp_5')) - one).toBe(3 * 4)
  })
})

describe('the roles of a session', () => {
  const rules: Rules = [
    { group: 'ÖPS', role: 'operator' },
    { group: otherId.toUpperCase(), role: 'admin' },
    { group: 'grp_c', role: 'auditor' },
    { group: 'Sales', role: 'seller' },
    { group: opsId, role: 'signer' },
    { group: 'On-premises group', role: 'local' },
    { group: 'nobody', role: 'none' },
  ]

  it('are given by name in any case, by object id and by id, once, after the default one', async () => {
    const { session, group, annId } = await signedIn([...rules, { group: 'grp_a', role: 'admin' }])
    await group('grp_a', { displayName: 'öps' })
    await group('grp_b', { externalId: otherId })
    await group('grp_c', { externalId: 'x' })
    await group('grp_d', { displayName: 'Sales' })
    for (const id of ['grp_a', 'grp_b', 'grp_c']) await addMemberRows(id, [annId])
    expect(await session()).toMatchObject({ roles: ['member', 'operator', 'admin', 'auditor'] })
  })

  it('are given by the sign-in’s list where provisioning knows no group, exactly', async () => {
    const { session, db } = await signedIn(rules)
    expect(await session()).toMatchObject({ roles: ['member', 'signer', 'local'] })
    await db.update(tables.organizations).set({
      roleRules: [{ group: 'on-premises GROUP', role: 'local' }],
    })
    expect(await session()).toMatchObject({ roles: ['member'] })
  })

  it('are not given by a list that provisioning has overruled', async () => {
    const { session, group } = await signedIn(rules)
    await group('grp_a', { externalId: otherId })
    expect(await session()).toMatchObject({ groups: [], roles: ['member'] })
  })

  it('never come from the name of a group alone', async () => {
    const { session, group, annId } = await signedIn()
    await group('grp_a', { displayName: 'admin', externalId: 'admin' })
    await addMemberRows('grp_a', [annId])
    expect(await session()).toEqual({ groups: ['admin'], roles: ['member'] })
  })

  it('follow the organization at once, on the profile page too', async () => {
    const { session, browser, db, group, annId } = await signedIn()
    await group('grp_a', { displayName: 'Ops' })
    await addMemberRows('grp_a', [annId])
    await db
      .update(tables.organizations)
      .set({ defaultRole: 'guest', roleRules: [{ group: 'ops', role: 'operator' }] })
    expect(await session()).toMatchObject({ roles: ['guest', 'operator'] })
    expect(await (await browser.go('/')).text()).toContain('guest, operator')
  })
})

describe('a role by an app role', () => {
  const rules = [{ appRole: 'Task.Write', role: 'writer' }]

  it('comes with the sign-in that names it, and goes with the next one', async () => {
    const { world, session } = await signedIn(rules)
    expect(await session()).toMatchObject({ roles: ['member'] })
    const withRole = {
      ...defaultAttributes,
      'http://schemas.microsoft.com/ws/2008/06/identity/claims/role': ['Task.Write', 'Task.Read'],
    }
    await world.browser().signIn({ assertion: { attributes: withRole } })
    expect(await session()).toMatchObject({ roles: ['member', 'writer'] })
    await world.browser().signIn()
    expect(await session()).toMatchObject({ roles: ['member'] })
  })

  it('comes with the assignment that Graph has, of the person’s connection, and goes with it', async () => {
    const { session, annId } = await signedIn([{ appRole: opsId, role: 'operator' }])
    const assign = (roles: readonly string[], connectionId: string, objectId = opsId) =>
      env.DB.prepare(
        `insert or replace into graph_users (organization_id, connection_id, object_id, person_id, assigned, app_roles, state, changed_at)
         select organization_id, ?, ?, id, 1, ?, 'enabled', ? from people where id = ?`,
      )
        .bind(connectionId, objectId, JSON.stringify(roles), context.nowMs + 1, annId)
        .run()
    await assign([opsId], 'con_other')
    expect(await session()).toMatchObject({ roles: ['member'] })
    await assign([opsId.toUpperCase()], context.connectionId)
    expect(await session()).toMatchObject({ roles: ['member', 'operator'] })
    await assign([], context.connectionId)
    expect(await session()).toMatchObject({ roles: ['member'] })
  })
})
