import { describe, expect, it } from 'vitest'
import { holdRules } from '../../../src/directory/index.ts'
import { systemRandom } from '../../../src/kernel/index.ts'
import {
  judge,
  newSecret,
  prefixes,
  readBearer,
  type StoredCredential,
} from '../../../src/scim/auth/credential.ts'

const rules = holdRules(
  { organizationId: 'org_1', connectionId: 'con_1' },
  { version: 1, custom: [], rules: null, claimNames: {} },
)

const stored: StoredCredential = {
  organizationId: 'org_1',
  connectionId: 'con_1',
  entraTenantId: null,
  tokenId: 'tok_1',
  clientId: null,
  scopes: ['read', 'write'],
  keepsValues: false,
  rules,
  expiresAt: 1000,
  isDisabled: false,
  isClientDisabled: false,
  isStranded: false,
  isUnused: false,
  scim: true,
}

describe('a credential', () => {
  it('is what is stored, without what only judges it', () => {
    expect(judge(stored, 999)).toEqual({
      ok: true,
      value: {
        organizationId: 'org_1',
        connectionId: 'con_1',
        entraTenantId: null,
        tokenId: 'tok_1',
        clientId: null,
        scopes: ['read', 'write'],
        keepsValues: false,
        rules,
      },
    })
    expect(judge({ ...stored, expiresAt: null }, 9e15).ok).toBe(true)
  })

  it.each([
    ['nobody has it', null, 'scim.unauthorized', undefined],
    ['it is disabled', { isDisabled: true }, 'scim.unauthorized', 'disabled'],
    ['its client is', { isClientDisabled: true }, 'scim.unauthorized', 'client_disabled'],
    ['it has expired', { expiresAt: 500 }, 'scim.unauthorized', 'expired'],
    ['its connection is gone', { isStranded: true }, 'scim.unauthorized', 'stranded'],
    ['SCIM is switched off', { scim: false }, 'scim.switched_off', undefined],
    // What is wrong with the token comes first: it tells nothing of the organization.
    ['both', { scim: false, isDisabled: true }, 'scim.unauthorized', 'disabled'],
  ] as const)('is refused when %s', (_what, change, code, reason) => {
    const judged = judge(change === null ? null : { ...stored, ...change }, 500)
    expect(judged).toMatchObject({ ok: false, failure: { code } })
    expect(judged.ok ? null : judged.failure.reason).toBe(reason)
  })
})

describe('the remedy', () => {
  const detailOf = (change: Partial<StoredCredential>) => {
    const judged = judge({ ...stored, ...change }, 1000)
    return judged.ok ? '' : judged.failure.detail
  }

  it('is to enable what is disabled, and to make a new token only where that helps', () => {
    expect(detailOf({ isDisabled: true })).toMatch(/disabled.* Enable it/)
    expect(detailOf({ isClientDisabled: true })).toMatch(/client is disabled.* Enable it/)
    expect(detailOf({})).toMatch(/expired.* Make a new SCIM token/)
    expect(detailOf({ clientId: 'cli_1' })).toMatch(/expired.* \/oauth\/token/)
    expect(detailOf({ isStranded: true, expiresAt: null })).toMatch(/Make a new SCIM token/)
  })
})

describe('a secret', () => {
  it('is its prefix and 32 random bytes', () => {
    for (const kind of ['token', 'accessToken', 'clientSecret'] as const) {
      const secret = newSecret(kind, systemRandom)
      expect(secret.slice(prefixes[kind].length)).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(secret.startsWith(prefixes[kind])).toBe(true)
      expect(newSecret(kind, systemRandom)).not.toBe(secret)
    }
  })

  it('is a bearer token unless it is a client’s', () => {
    const token = newSecret('token', systemRandom)
    const minted = newSecret('accessToken', systemRandom)
    expect(readBearer(`Bearer ${token}`)).toEqual({ ok: true, value: token })
    expect(readBearer(`bearer   ${minted}`)).toEqual({ ok: true, value: minted })
    const secret = newSecret('clientSecret', systemRandom)
    for (const header of [undefined, '', token, `Bearer ${secret}`, `Bearer ${token} `]) {
      expect(readBearer(header)).toMatchObject({ failure: { code: 'scim.unauthorized' } })
    }
  })
})
