import { describe, expect, it } from 'vitest'
import { directoryErrors } from '../../../src/directory/index.ts'
import { checkOf, checkTable } from '../../../src/saml/explain/check-table.ts'
import { responseErrors } from '../../../src/saml/response-errors.ts'
import { xmlErrors } from '../../../src/xml/index.ts'
import { dsigErrors } from '../../../src/xmldsig/index.ts'
import { xmlencErrors } from '../../../src/xmlenc/index.ts'

/** Everything that a response can be refused with before anybody is looked for. */
const codes = [
  ...new Set(
    [responseErrors, xmlErrors, dsigErrors, xmlencErrors].flatMap((table) => Object.keys(table)),
  ),
]

const rows: readonly { readonly id: string; readonly codes: readonly string[] }[] = checkTable

describe('the table of checks', () => {
  it.each(codes)('has one row for %s', (code) => {
    const found = rows.filter((row) => row.codes.includes(code))
    expect(found).toHaveLength(1)
    expect(checkOf({ code, of: 'tenantid' })).toBe(found[0]?.id)
  })

  it('has no code twice, no id twice, and none that no registry knows', () => {
    const all = rows.flatMap((row) => row.codes)
    expect(new Set(all).size).toBe(all.length)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    const known = new Set([...codes, ...Object.keys(directoryErrors), 'saml.being_tested'])
    expect(all.filter((code) => !known.has(code))).toEqual([])
  })

  it('finds a placeholder for a tenant where issuers are compared', () => {
    expect(checkOf({ code: 'saml.tenant_mismatch', of: 'Assertion' })).toBe('issuer')
    expect(checkOf({ code: 'saml.tenant_mismatch', of: 'Response' })).toBe('issuer')
    expect(checkOf({ code: 'http.internal' })).toBe(null)
  })
})
