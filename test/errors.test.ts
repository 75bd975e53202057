import { describe, expect, it } from 'vitest'
import { registry } from '../src/errors.ts'
import type { ErrorEntry } from '../src/kernel/index.ts'

const entries: readonly (readonly [string, ErrorEntry])[] = Object.entries(registry)

describe('the registry of codes', () => {
  it('says of each what happened and what to do, in sentences', () => {
    const wordless = entries.filter(
      ([, { means, fix }]) => !/^[A-Z].+[.:?]$/s.test(means) || !/^\S.+[.:?]?$/s.test(fix),
    )
    expect(wordless.map(([code]) => code)).toEqual([])
    expect(entries.length).toBeGreaterThan(150)
  })

  it.each([
    'saml.destination',
    'saml.subject_confirmation',
    'saml.audience',
    'saml.certificate_expired',
    'xmldsig.signature_invalid',
    'saml.status',
    'directory.not_provisioned',
    'directory.person_inactive',
    'saml.not_yet_valid',
    'saml.expired',
    'saml.groups_overage',
    'scim.unauthorized',
    'saml.name_id',
    'directory.user_name_missing',
    'saml.tenant_mismatch',
    'saml.unsolicited',
    'saml.replayed',
    'scim.invalid_filter',
    'scim.invalid_path',
    'scim.invalid_value',
    'directory.user_name_taken',
    'directory.provisioned_already',
    'directory.group_name_taken',
    'oauth.invalid_client',
    'graph.forbidden',
  ])('says of %s where in Entra an admin mends it', (code) => {
    const entry = (registry as Readonly<Record<string, ErrorEntry>>)[code]
    expect(entry?.entra).toMatch(/>|Nothing to change/)
  })
})
