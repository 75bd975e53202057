import { describe, expect, it } from 'vitest'
import type { Deps } from '../../src/http/index.ts'
import { claims, defaultAttributes } from '../support/saml-builder.ts'
import { context, createContoso, doorWorld, tables } from './support/door-world.ts'

const ops = '11111111-2222-4333-8444-aaaaaaaaaaaa'
const sales = '11111111-2222-4333-8444-bbbbbbbbbbbb'
const link = 'https://graph.windows.net/dead/getMemberObjects'

type Ask = NonNullable<Deps['memberGroups']>

/** Contoso, whose tenant can be asked; every sign-in is Ann's. */
async function overage(memberGroups: Ask | null) {
  const { db } = await createContoso({
    organization: { roleRules: [{ group: ops, role: 'operator' }] },
  })
  const world = doorWorld()
  Object.assign(world.deps, { memberGroups })
  const browser = world.browser()

  async function signIn(listed: readonly string[] | 'too many'): Promise<void> {
    const extra =
      listed === 'too many' ? { [claims.groupsLink]: link } : { [claims.groups]: listed }
    const attributes = { ...defaultAttributes, ...extra }
    expect((await browser.signIn({ assertion: { attributes } })).status).toBe(303)
  }

  async function session() {
    const { groups, roles } = await (await browser.go('/session')).json<Record<string, unknown>>()
    return { groups, roles }
  }

  return { db, world, signIn, session }
}

describe('too many groups to say', () => {
  it('are asked of the tenant behind the answer, by the object id, and count like a list', async () => {
    const asked: unknown[] = []
    const { db, signIn, session } = await overage(async (who) => {
      asked.push(who)
      return [ops, sales]
    })
    await signIn('too many')
    expect(await session()).toEqual({ groups: [ops, sales], roles: ['member', 'operator'] })
    const organizationId = 'org_00000000000000000000000001'
    const { connectionId, objectId } = context
    expect(asked).toEqual([{ organizationId, connectionId, objectId }])
    const events = await db.select().from(tables.events)
    expect(events.map(({ type, code }) => [type, code])).toEqual([
      ['sign_in', 'saml.groups_overage'],
      ['user.updated', null],
    ])
    await signIn([sales])
    expect(await session()).toEqual({ groups: [sales], roles: ['member'] })
    expect(asked).toHaveLength(1)
  })

  it.each<readonly [string, Ask | null]>([
    ['nobody can be asked', null],
    ['the tenant cannot tell', async () => null],
    ['asking fails', async () => Promise.reject(new Error('no network'))],
  ])('leave what is known where %s', async (_, ask) => {
    const { signIn, session } = await overage(ask)
    await signIn([ops])
    await signIn('too many')
    expect(await session()).toEqual({ groups: [ops], roles: ['member', 'operator'] })
  })

  it('write nothing when they are what is known', async () => {
    const { db, world, signIn, session } = await overage(async () => [ops])
    await signIn([ops])
    world.clock.ms += 1000
    await signIn('too many')
    expect(await session()).toEqual({ groups: [ops], roles: ['member', 'operator'] })
    expect(await db.select().from(tables.people)).toMatchObject([{ version: 1 }])
  })

  it('do not undo a later sign-in, however long the tenant takes', async () => {
    let meanwhile = async () => {}
    const { world, signIn, session } = await overage(async () => {
      await meanwhile()
      return [ops]
    })
    meanwhile = async () => {
      world.clock.ms += 1000
      await signIn([sales])
    }
    await signIn('too many')
    expect(await session()).toEqual({ groups: [sales], roles: ['member'] })
  })

  it('go by the mapping of the moment they are written', async () => {
    const { db, world, signIn, session } = await overage(async () => [ops])
    await signIn([sales])
    world.clock.ms += 1000
    let isMoved = false
    world.counting.beforeEachCall(async ({ sql }) => {
      if (isMoved || !sql.some((text) => text.startsWith('update "people" set "profile"'))) return
      isMoved = true
      await db.update(tables.organizations).set({ mappingVersion: 2 })
    })
    await signIn('too many')
    expect(isMoved).toBe(true)
    expect(await session()).toEqual({ groups: [ops], roles: ['member', 'operator'] })
    expect(await db.select().from(tables.people)).toMatchObject([{ mappingVersion: 2 }])
  })

  it('are not kept cut short', async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      ops.replace('aaaaaaaaaaaa', String(i).padStart(12, '0')),
    )
    const { signIn, session } = await overage(async () => many)
    await signIn([ops])
    await signIn('too many')
    expect(await session()).toEqual({ groups: [ops], roles: ['member', 'operator'] })
  })
})
