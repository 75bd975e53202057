import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { claims, defaultAttributes } from '../support/saml-builder.ts'
import { createContoso, doorWorld } from './support/door-world.ts'

const ops = '11111111-2222-4333-8444-aaaaaaaaaaaa'
const link = 'https://graph.windows.net/dead/getMemberObjects'

type Attributes = Readonly<Record<string, string | readonly string[]>>

async function session(extra: Attributes) {
  const browser = doorWorld().browser()
  const attributes = { ...defaultAttributes, ...extra }
  const { status } = await browser.signIn({ assertion: { attributes } })
  const answer = await (await browser.go('/session')).json<Record<string, unknown>>()
  return { status, ...answer }
}

describe('claims that are called like what only we call so', () => {
  const roleRules = [
    { group: ops, role: 'operator' },
    { appRole: 'Admin', role: 'admin' },
  ]

  it.each([
    ['#groups', ops],
    ['#GROUPS', ops],
    ['#roles', 'Admin'],
    ['#NameID', 'bob@contoso.example'],
  ])('say nothing: %s', async (name, value) => {
    await createContoso({
      organization: { roleRules },
      connection: { claimNames: { userName: ['#NameID'] } },
    })
    const found = await session({ [claims.groupsLink]: link, [name]: value })
    expect(found).toMatchObject({ status: 303, groups: [], roles: ['member'] })
    expect(found).toMatchObject({ user: { userName: 'ann@contoso.example' } })
  })
})

describe('a mapping that makes much of little', () => {
  it('refuses nobody: what does not fit into a profile is left out', async () => {
    await createContoso()
    const keys = Array.from({ length: 100 }, (_, i) => `large${i}`)
    await env.DB.prepare(
      `insert into attribute_definitions (organization_id, key, key_folded, label, type, multi_valued, created_at, updated_at)
       select o.id, j.value, j.value, j.value, 'string', 0, 1, 1 from organizations o, json_each(?) j`,
    )
      .bind(JSON.stringify(keys))
      .run()
    const expression = 'Join("", [much], [much], [much], [much])'
    const rules = Object.fromEntries(keys.map((key) => [key, { saml: { expression } }]))
    await env.DB.prepare(
      'insert into mappings (organization_id, rules, updated_at) select id, ?, 1 from organizations',
    )
      .bind(JSON.stringify(rules))
      .run()
    await env.DB.prepare('update organizations set mapping_version = mapping_version + 1').run()
    const found: Record<string, unknown> = await session({ much: '\u20ac'.repeat(4000) })
    expect(found).toMatchObject({ status: 303, profile: { givenName: 'Ann' } })
    const row = await env.DB.prepare(
      'select length(cast(profile as blob)) + length(provenance) as bytes from people',
    ).first<{ bytes: number }>()
    expect(row?.bytes).toBeLessThan(2_000_000)
  })
})

describe('a claim that is too large to keep', () => {
  it('takes nothing with it that comes after: neither names nor groups nor roles', async () => {
    await createContoso({ organization: { roleRules: [{ appRole: 'Admin', role: 'admin' }] } })
    const browser = doorWorld().browser()
    const attributes = {
      jpegPhoto: 'x'.repeat(40_000),
      thumbnailPhoto: 'x'.repeat(30_000),
      ...defaultAttributes,
      [claims.groups]: [ops],
      roles: ['Admin'],
    }
    expect((await browser.signIn({ assertion: { attributes } })).status).toBe(303)
    expect(await (await browser.go('/session')).json()).toMatchObject({
      profile: { givenName: 'Ann' },
      groups: [ops],
      roles: ['member', 'admin'],
    })
  })
})
