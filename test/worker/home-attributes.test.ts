import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { defaultAttributes } from '../support/saml-builder.ts'
import { createContoso, doorWorld } from './support/door-world.ts'

it('a claim called like an attribute of the organization’s own shows in the session and on the page', async () => {
  await createContoso()
  const world = doorWorld()
  await env.DB.batch([
    env.DB.prepare(
      `insert into attribute_definitions (organization_id, key, key_folded, label, type, multi_valued, created_at, updated_at)
       select id, 'costCenter', 'costcenter', 'Cost <center>', 'string', 0, 1, 1 from organizations
       union all select id, 'skills', 'skills', 'Skills', 'string', 1, 2, 2 from organizations`,
    ),
    env.DB.prepare('update organizations set mapping_version = 2'),
  ])
  const browser = world.browser()
  const attributes = { ...defaultAttributes, CostCenter: 'CC-7', skills: ['go', 'c'] }
  expect((await browser.signIn({ assertion: { attributes } })).status).toBe(303)
  const session = await (await browser.go('/session')).json()
  expect(session).toMatchObject({ profile: { costCenter: 'CC-7', skills: ['go', 'c'] } })
  const page = await (await browser.go('/')).text()
  expect(page).toContain('Cost &lt;center&gt;')
  expect(page).toContain('CC-7')
  expect(page).toContain('go, c')
})
