import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { mappedValues, prepareMapping } from '../../simulator/provisioning/mapped-values.ts'
import { type Dialect, patchBody } from '../../simulator/provisioning/patch-body.ts'
import { userBody } from '../../simulator/provisioning/user-body.ts'
import { claims, defaultAttributes } from '../support/saml-builder.ts'
import { rfcWorld } from './scim/rfc/rfc-world.ts'

const urn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

type Json = Readonly<Record<string, unknown>>
type Source = Parameters<typeof mappedValues>[1]

/** Rows that an admin adds to the mapping of the application in Entra. */
const added = [
  ['userName', 'userPrincipalName', 'text'],
  ['active', 'Switch([IsSoftDeleted], , "False", "True", "True", "False")', 'boolean'],
  [`${urn}:costCenter`, 'extensionAttribute1', 'text'],
  [`${urn}:level`, 'extensionAttribute2', 'text'],
  [`${urn}:skills`, 'extension_00000000000000000000000000000001_skills', 'text'],
] as const

/** What Entra's provisioning has of Ann, by these rows. */
function entraValues(extensionAttributes: Json) {
  const rows = prepareMapping(
    added.map(([target, source, type]) => ({ target, source, type, apply: 'always' as const })),
  )
  if (!rows.ok) throw new Error(rows.failure)
  const user = { userPrincipalName: 'ann@contoso.example', extensionAttributes }
  return mappedValues(rows.value, { user, isSoftDeleted: false, roles: [] } as unknown as Source)
}

async function journey() {
  const scim = await rfcWorld()

  async function admin(method: string, path: string, body?: Json): Promise<Json> {
    const response = await scim.request(`/api/v1/organizations/contoso${path}`, {
      method,
      headers: {
        authorization: `Bearer ${env.ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await response.text())
    return response.json()
  }

  await admin('POST', '/attributes', { key: 'costCenter', label: 'Cost center' })
  await admin('POST', '/attributes', { key: 'level', label: 'Level', type: 'number' })
  await admin('POST', '/attributes', { key: 'skills', label: 'Skills', multiValued: true })
  return { ...scim, admin }
}

describe('an attribute of the organization’s own', () => {
  const entra = { extensionAttribute1: 'CC-7', extensionAttribute2: '42' }
  const skills = { extension_00000000000000000000000000000001_skills: ['go', 'c'] }

  it('goes from Entra’s create to the profile, the session and the API, with where it came from', async () => {
    const world = await journey()
    const body = userBody(entraValues({ ...entra, ...skills }), () => null)
    const made = await world.post('/Users', body)
    expect([made.status, made.body[urn]]).toMatchObject([
      201,
      { costCenter: 'CC-7', level: '42', skills: [{ value: 'go' }, { value: 'c' }] },
    ])
    const browser = world.browser()
    expect((await browser.signIn()).status).toBe(303)
    const own = { costCenter: 'CC-7', level: 42, skills: ['go', 'c'] }
    const session = await (await browser.go('/session')).json<Json>()
    expect(session).toMatchObject({ profile: own })
    const user = await world.admin('GET', `/users/${made.body['id']}`)
    expect(user).toMatchObject({
      profile: own,
      provenance: { costCenter: { source: 'scim', rule: `${urn}:costCenter` } },
      sources: { scim: { attributes: { [`${urn}:level`]: { values: ['42'] } } } },
    })
    expect(await (await browser.go('/')).text()).toContain('Cost center')
  })

  it.each<Dialect>(['legacy', 'flag'])(
    'changes by the PATCH that Entra sends (%s)',
    async (dialect) => {
      const world = await journey()
      const made = await world.post(
        '/Users',
        userBody(entraValues(entra), () => null),
      )
      const changes = entraValues({ extensionAttribute1: 'CC-8', extensionAttribute2: '43' })
        .filter(({ path }) => path.urn !== null)
        .map(({ path, value }) => ({ op: 'Replace' as const, path: path.text, value, folds: true }))
      const { Operations } = patchBody(dialect, changes)
      const path = `/Users/${made.body['id']}`
      expect((await world.patch(path, Operations as readonly Json[])).status).toBe(200)
      const user = await world.admin('GET', `/users/${made.body['id']}`)
      expect(user).toMatchObject({ profile: { costCenter: 'CC-8', level: 43 } })
    },
  )

  it('comes from the source that the mapping says, as soon as the mapping says so', async () => {
    const world = await journey()
    const made = await world.post(
      '/Users',
      userBody(entraValues(entra), () => null),
    )
    const attributes = { ...defaultAttributes, [claims.groups]: [], kostenstelle: ' cc-9 ' }
    await world.browser().signIn({ assertion: { attributes } })
    const path = `/users/${made.body['id']}`
    const { version } = await world.admin('GET', '/mapping')
    const rules = {
      costCenter: {
        tiers: [['saml'], ['scim']],
        saml: { expression: 'ToUpper(Trim([kostenstelle]))' },
      },
    }
    const preview = await world.admin('POST', '/mapping/preview', { rules })
    expect(preview['users']).toMatchObject([
      { before: { profile: { costCenter: 'CC-7' } }, after: { profile: { costCenter: 'CC-9' } } },
    ])
    expect(await world.admin('GET', path)).toMatchObject({ profile: { costCenter: 'CC-7' } })
    await world.admin('PUT', '/mapping', { version, rules })
    expect(await world.admin('GET', path)).toMatchObject({
      profile: { costCenter: 'CC-9' },
      provenance: { costCenter: { source: 'saml', rule: 'ToUpper(Trim([kostenstelle]))' } },
    })
    // The isolate remembers the older rules of the token; what it writes goes by the new ones.
    await world.patch(`/Users/${made.body['id']}`, [
      { op: 'Replace', path: `${urn}:costCenter`, value: 'CC-1' },
    ])
    expect(await world.admin('GET', path)).toMatchObject({ profile: { costCenter: 'CC-9' } })
    const again = { ...attributes, kostenstelle: 'cc-10' }
    await world.browser().signIn({ assertion: { attributes: again } })
    expect(await world.admin('GET', path)).toMatchObject({ profile: { costCenter: 'CC-10' } })
  })
})
