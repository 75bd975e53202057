import { describe, expect, it } from 'vitest'
import { markableSteps } from '../../src/admin/index.ts'
import { allGuides as guides } from '../../src/console/setup/all-guides.ts'
import { copyValues, partOf, parts, providers, stepKeys } from '../../src/console/setup/guide.ts'
import { guideFor } from '../../src/console/setup/guides.ts'
import { connection, facts, nothing } from './setup-facts.ts'

const steps = providers.flatMap((provider) =>
  guides[provider].steps.map((one) => [`${provider} ${one.key}`, one] as const),
)

describe('a step of a guide', () => {
  it.each(steps)('%s says where, what, which values and what comes back', (_name, one) => {
    expect(one.path.length).toBeGreaterThan(1)
    expect(one.path.every((label) => label.trim() === label && label !== '')).toBe(true)
    expect(one.does.length).toBeGreaterThan(0)
    expect(one.does.every((text) => /[.!:]$/.test(text))).toBe(true)
    expect(one.title.length).toBeLessThan(60)
    for (const { field, value } of one.values) {
      expect(field).not.toBe('')
      if (typeof value !== 'string') expect(value.text).not.toBe('')
    }
    if (one.back !== null) expect(one.offers.length).toBeGreaterThan(0)
  })

  it.each(steps)('%s can be marked by hand exactly if the API takes the mark', (_name, one) => {
    const isTaken = markableSteps.some((key) => key === one.key)
    if (one.mark) expect(isTaken).toBe(true)
  })

  it('is known to some guide, and so is every mark', () => {
    const known = new Set(steps.map(([, { key }]) => key))
    expect(stepKeys.filter((key) => !known.has(key))).toEqual([])
    const marked = new Set(steps.filter(([, one]) => one.mark).map(([, { key }]) => key))
    expect(markableSteps.filter((key) => !marked.has(key))).toEqual([])
  })
})

describe('a guide', () => {
  it.each(providers)('of %s goes part by part, each step once', (provider) => {
    const keys = guides[provider].steps.map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    const order = keys.map((key) => parts.indexOf(partOf(key)))
    expect(order).toEqual([...order].sort())
    expect(new Set(order).size).toBe(parts.length)
  })

  it('of Entra names the fields of its pages', () => {
    const fields = guides.entra.steps.flatMap(({ values }) => values.map(({ field }) => field))
    expect(fields).toEqual(
      expect.arrayContaining([
        'Identifier (Entity ID)',
        'Reply URL (Assertion Consumer Service URL)',
        'Sign on URL',
        'Logout Url',
        'Tenant URL',
        'Source attribute',
      ]),
    )
  })

  it('of Google says that there is no SCIM', () => {
    const scim = guides.google.steps.filter(({ key }) => partOf(key) === 'scim')
    expect(scim.map(({ key }) => key)).toEqual(['scim.none'])
    expect(scim[0]?.does.join()).toContain('no SCIM')
  })

  it.each([
    ['', null, 'entra'],
    ['okta', null, 'okta'],
    ['constructor', null, 'entra'],
    ['', 'https://sts.windows.net/a/', 'entra'],
    ['', 'http://www.okta.com/exk1', 'okta'],
    ['', 'https://accounts.google.com/o/saml2?idpid=C01', 'google'],
    ['', 'https://sso.contoso.com/realms/staff', 'keycloak'],
    ['keycloak', 'http://www.okta.com/exk1', 'keycloak'],
  ])('is chosen by %j and the provider %j: %s', (chosen, idpEntityId, provider) => {
    const given = idpEntityId === null ? nothing : facts({ connection: { idpEntityId } })
    expect(guideFor(guides, chosen, given).provider).toBe(provider)
  })
})

describe('the values to copy', () => {
  it('are those of the connection, and not known before it', () => {
    const given = facts({ connection: {} })
    expect(copyValues.entityId(given)).toBe(connection.entityId)
    expect(copyValues.acsUrl(given)).toBe(connection.acsUrl)
    expect(copyValues.loginUrl(given)).toBe(connection.loginUrl)
    expect(copyValues.logoutUrl(given)).toBe(connection.logoutUrl)
    expect(copyValues.acsUrl(nothing)).toBeNull()
    expect(copyValues.tenantUrl(nothing)).toBe('https://sso.example.com/scim/v2')
  })

  it('hold the full name of each attribute that was defined', () => {
    const defined = ['badge', 'level'].map((key) => ({ key, label: key, seen: false }))
    expect(copyValues.attributeNames(nothing)).toBeNull()
    expect(copyValues.attributeNames(facts({ attributes: { defined } }))).toBe(
      'urn:ietf:params:scim:schemas:extension:portico:2.0:User:badge\nurn:ietf:params:scim:schemas:extension:portico:2.0:User:level',
    )
  })
})
