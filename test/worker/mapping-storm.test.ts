import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import './support/search-keys-hold.ts'
import { openDatabase } from '../../src/db/index.ts'
import { loadRules, peopleById, resolve, rulesetFor } from '../../src/directory/index.ts'
import { advance } from '../../src/reconcile/index.ts'
import { defaultAttributes } from '../support/saml-builder.ts'
import { rfcWorld } from './scim/rfc/rfc-world.ts'
import { answer } from './support/door-world.ts'

const organizationId = 'org_00000000000000000000000001'
const urn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

type Json = Readonly<Record<string, unknown>>

async function storm() {
  const scim = await rfcWorld()

  async function admin(method: string, path: string, body?: Json) {
    const response = await scim.request(`/api/v1/organizations/contoso${path}`, {
      method,
      headers: { authorization: `Bearer ${env.ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json<Json>() }
  }

  /** Changes the mapping, as often as it takes. */
  async function remap(rules: Json): Promise<void> {
    for (;;) {
      const { body } = await admin('GET', '/mapping')
      const changed = await admin('PUT', '/mapping', { version: body['version'], rules })
      if (changed.status === 200) return
      expect(changed.status).toBe(409)
    }
  }

  async function signIn(): Promise<void> {
    const browser = scim.browser()
    const attributes = { ...defaultAttributes, title: 'Signed in' }
    const { form } = await answer(await browser.start(), { assertion: { attributes } })
    expect([303, 503]).toContain((await browser.post(form)).status)
  }

  return { ...scim, admin, remap, signIn }
}

it('whatever happens beside changes of the mapping, everybody ends as the last one says', async () => {
  const world = await storm()
  await world.admin('POST', '/attributes', { key: 'costCenter', label: 'CC' })
  const rulesOf = (i: number) => ({
    title: { scim: { expression: `Append([title], " ${i}")` } },
    costCenter: { tiers: i % 2 ? [['scim'], ['saml']] : [['saml'], ['scim']] },
  })
  const body = (i: number) => ({
    userName: `p${i}@contoso.example`,
    active: true,
    title: `T${i}`,
    [`${urn}:costCenter`]: `CC-${i}`,
  })
  const made = await Promise.all([0, 1, 2].map((i) => world.post('/Users', body(i))))
  const patches = made.map(({ body: user }, i) =>
    world.patch(`/Users/${user['id']}`, [{ op: 'Replace', path: 'title', value: `New ${i}` }]),
  )
  const creates = Array.from({ length: 20 }, (_, i) => world.post('/Users', body(10 + i)))
  const changes = Array.from({ length: 5 }, (_, i) => world.remap(rulesOf(i)))
  const signIns = Array.from({ length: 5 }, () => world.signIn())
  const answers = await Promise.all([...patches, ...creates])
  await Promise.all([...changes, ...signIns])
  for (const { status } of answers) expect([200, 201, 503]).toContain(status)
  // What a change began behind its answer, or a lease left to the next tick, is done by then.
  world.clock.ms += 60 * 60 * 1000
  await advance(world.deps, { plan: world.deps.config.workersPlan, wallMs: 60_000 })

  const db = openDatabase(env.DB, 'primary')
  const rules = await loadRules(db, organizationId)
  if (rules === null) throw new Error('no organization')
  const { results } = await env.DB.prepare('select id, mapping_version as v from people').all()
  expect(results.length).toBeGreaterThan(3)
  expect(results.filter(({ v }) => v !== rules.version)).toEqual([])
  const people = await peopleById(
    db,
    organizationId,
    results.map(({ id }) => String(id)),
  )
  for (const { person, views } of people) {
    const { definitions, mapping } = rulesetFor(rules, person.connectionId)
    const { profile, provenance } = resolve(definitions, mapping, views)
    expect([person.id, person.profile, person.provenance]).toEqual([person.id, profile, provenance])
  }
})
