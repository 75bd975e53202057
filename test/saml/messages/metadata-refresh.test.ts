import { beforeAll, describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import type { IdpMetadata } from '../../../src/saml/metadata-read.ts'
import {
  type HeldCertificate,
  type HeldMetadata,
  isRetired,
  type MetadataTrust,
  metadataTrust,
  planMetadataRefresh,
  retirementDelayMs,
} from '../../../src/saml/metadata-refresh.ts'
import { pendingOf } from '../../../src/saml/pending-changes.ts'
import { type Certificate, parseCertificate } from '../../../src/xmldsig/index.ts'
import { certificateDer, type KeyName } from '../../support/keys.ts'
import { context, minuteMs, nowMs } from '../../support/saml-context.ts'

const certificates = new Map<KeyName, Certificate>()
beforeAll(async () => {
  for (const name of ['K', 'Knext', 'KE', 'K2'] as const) {
    const parsed = await parseCertificate(certificateDer(name))
    if (parsed.ok) certificates.set(name, parsed.value)
  }
})

function certificate(name: KeyName): Certificate {
  const found = certificates.get(name)
  if (found === undefined) throw new Error(name)
  return found
}

const held = (name: KeyName, parts: Partial<HeldCertificate> = {}): HeldCertificate => ({
  sha256: certificate(name).sha256,
  origin: 'metadata',
  lastVerifiedAtMs: null,
  retireAtMs: null,
  retiredAtMs: null,
  ...parts,
})
const holds = (...held: readonly HeldCertificate[]): HeldMetadata => ({
  ssoUrl: context.ssoUrl,
  ssoBinding: 'redirect',
  sloUrl: context.idpSloUrl,
  sloResponseUrl: null,
  certificates: held,
})
const fetched = (names: readonly KeyName[], parts: Partial<IdpMetadata> = {}) => ({
  ssoRedirectUrl: context.ssoUrl,
  ssoPostUrl: context.ssoUrl,
  sloUrl: context.idpSloUrl,
  sloResponseUrl: null,
  signingCertificates: names.map(certificate),
  ...parts,
})
const plan = (
  current: HeldMetadata,
  metadata: ReturnType<typeof fetched>,
  trusted: MetadataTrust = 'entra',
) => planMetadataRefresh(current, metadata, { trusted, nowMs })

describe('what a refresh of metadata changes', () => {
  it('nothing, when all is as it was', () => {
    expect(plan(holds(held('K')), fetched(['K']))).toEqual([])
  })

  it.each(['entra', 'signed'] as const)(
    'a new key by itself, from metadata trusted as %s',
    (trusted) => {
      expect(plan(holds(held('K')), fetched(['K', 'Knext']), trusted)).toEqual([
        { kind: 'add_certificate', certificate: certificate('Knext'), decision: 'auto' },
      ])
    },
  )

  it('a new key only with an admin, from any other metadata', () => {
    expect(plan(holds(held('K')), fetched(['K', 'Knext']), 'none')).toEqual([
      { kind: 'add_certificate', certificate: certificate('Knext'), decision: 'needs_approval' },
    ])
  })

  it('no key by itself beyond the limit of a connection', () => {
    const many = Array.from({ length: limits.certificatesPerConnection - 1 }, (_, i) =>
      held('K', { sha256: `${i}`.padStart(64, '0'), origin: 'manual' }),
    )
    const changes = plan(holds(...many), fetched(['K', 'Knext']))
    expect(changes.map(({ decision }) => decision)).toEqual(['auto', 'needs_approval'])
  })

  it.each(['entra', 'signed', 'none'] as const)(
    'URLs only with an admin, even when trusted as %s',
    (trusted) => {
      const moved = fetched(['K'], {
        ssoRedirectUrl: 'https://evil.example/sso',
        sloUrl: null,
        sloResponseUrl: 'https://evil.example/answers',
      })
      expect(plan(holds(held('K')), moved, trusted)).toEqual([
        {
          kind: 'change_sso_url',
          from: context.ssoUrl,
          to: 'https://evil.example/sso',
          ssoBinding: 'redirect',
          decision: 'needs_approval',
        },
        {
          kind: 'change_slo_url',
          from: context.idpSloUrl,
          to: null,
          decision: 'needs_approval',
        },
        {
          kind: 'change_slo_response_url',
          from: null,
          to: 'https://evil.example/answers',
          decision: 'needs_approval',
        },
      ])
    },
  )

  it('compares the URL of the binding that the connection uses', () => {
    const current = { ...holds(held('K')), ssoBinding: 'post' as const }
    expect(plan(current, fetched(['K'], { ssoRedirectUrl: null }))).toEqual([])
    const moved = { ssoPostUrl: 'https://evil.example/sso' }
    expect(plan(current, fetched(['K'], moved))).toMatchObject([
      { kind: 'change_sso_url', to: 'https://evil.example/sso', ssoBinding: 'post' },
    ])
  })

  it('offers the other binding when the one in use is gone', () => {
    const current = { ...holds(held('K')), ssoBinding: 'post' as const }
    const moved = { ssoPostUrl: null, ssoRedirectUrl: 'https://idp.example/redirect' }
    expect(plan(current, fetched(['K'], moved))).toMatchObject([
      { kind: 'change_sso_url', to: 'https://idp.example/redirect', ssoBinding: 'redirect' },
    ])
  })

  it('offers the other binding though both are at one address', () => {
    const current = { ...holds(held('K')), ssoBinding: 'redirect' as const }
    expect(plan(current, fetched(['K'], { ssoRedirectUrl: null }))).toEqual([
      {
        kind: 'change_sso_url',
        from: context.ssoUrl,
        to: context.ssoUrl,
        ssoBinding: 'post',
        decision: 'needs_approval',
      },
    ])
  })

  it('is the same question in whichever order the document has its keys', async () => {
    const [one, other] = await Promise.all(
      [
        ['K', 'Knext', 'K2'],
        ['K', 'K2', 'Knext'],
      ].map((names) =>
        pendingOf(plan(holds(held('K')), fetched(names as KeyName[]), 'none'), null, nowMs),
      ),
    )
    expect(one?.changes).toHaveLength(2)
    expect(other?.hash).toBe(one?.hash)
  })

  it.each(['entra', 'signed', 'none'] as const)(
    'a key that an admin retired does not come back, even when trusted as %s',
    (trusted) => {
      const current = holds(held('K'), held('Knext', { retiredAtMs: nowMs - minuteMs }))
      expect(plan(current, fetched(['K', 'Knext']), trusted)).toEqual([])
      expect(plan(current, fetched(['K']), trusted)).toEqual([])
    },
  )

  it('a vanished key is not retired because one works that an admin retired', () => {
    const gone = { retiredAtMs: nowMs, lastVerifiedAtMs: nowMs }
    for (const origin of ['manual', 'metadata'] as const) {
      const current = holds(held('K', { retireAtMs: nowMs }), held('Knext', { ...gone, origin }))
      expect(plan(current, fetched(['Knext', 'KE']))).toMatchObject([{ kind: 'add_certificate' }])
    }
  })

  it('a vanished key is given seven days', () => {
    expect(plan(holds(held('K'), held('Knext')), fetched(['Knext']))).toEqual([
      {
        kind: 'schedule_retirement',
        sha256: certificate('K').sha256,
        retireAtMs: nowMs + retirementDelayMs,
        decision: 'auto',
      },
    ])
    expect(retirementDelayMs).toBe(7 * 24 * 60 * minuteMs)
  })

  const retired = [{ kind: 'retire_certificate', decision: 'auto' }]
  const vanishedAtMs = nowMs - retirementDelayMs
  const cases: readonly [
    name: string,
    retireAtMs: number,
    verifiedAtMs: number | null,
    done: boolean,
  ][] = [
    ['after seven days, once another has verified', nowMs, vanishedAtMs, true],
    ['not a moment before', nowMs + 1, nowMs, false],
    ['not before another has verified', nowMs, null, false],
    ['not when the other verified only before it vanished', nowMs, vanishedAtMs - 1, false],
    ['long after, when another verified at last', vanishedAtMs, nowMs - minuteMs, true],
  ]
  it.each(cases)('a vanished key is retired %s', (_name, retireAtMs, lastVerifiedAtMs, done) => {
    const current = holds(held('K', { retireAtMs }), held('Knext', { lastVerifiedAtMs }))
    expect(plan(current, fetched(['Knext']))).toMatchObject(done ? retired : [])
  })

  it('a vanished key is not retired because another vanished one works', () => {
    const current = holds(
      held('K', { retireAtMs: nowMs }),
      held('KE', { retireAtMs: nowMs, lastVerifiedAtMs: nowMs }),
      held('Knext'),
    )
    expect(plan(current, fetched(['Knext']))).toEqual([])
  })

  it('a vanished key is retired because one that an admin gave by hand works', () => {
    const manual = held('KE', { origin: 'manual', lastVerifiedAtMs: nowMs })
    const current = holds(held('K', { retireAtMs: nowMs }), manual, held('Knext'))
    expect(plan(current, fetched(['Knext']))).toMatchObject(retired)
    expect(isRetired(held('K', { retireAtMs: nowMs }), current.certificates, nowMs)).toBe(true)
    expect(isRetired(manual, current.certificates, nowMs)).toBe(false)
  })

  it('a key that came back is kept', () => {
    const current = holds(
      held('K', { retireAtMs: nowMs - 1 }),
      held('Knext', { lastVerifiedAtMs: nowMs }),
    )
    expect(plan(current, fetched(['K', 'Knext']))).toEqual([
      { kind: 'keep_certificate', sha256: certificate('K').sha256, decision: 'auto' },
    ])
  })

  it('a key that an admin gave by hand is never retired', () => {
    expect(plan(holds(held('K', { origin: 'manual' }), held('Knext')), fetched(['Knext']))).toEqual(
      [],
    )
  })

  it('the plan repeated after it was applied is empty', () => {
    const current = holds(held('K'), held('Knext', { lastVerifiedAtMs: nowMs }))
    const metadata = fetched(['Knext', 'KE'])
    const changes = plan(current, metadata)
    expect(changes.map(({ kind }) => kind)).toEqual(['add_certificate', 'schedule_retirement'])
    const applied = holds(
      held('K', { retireAtMs: nowMs + retirementDelayMs }),
      held('Knext', { lastVerifiedAtMs: nowMs }),
      held('KE'),
    )
    expect(plan(applied, metadata)).toEqual([])
  })
})

describe('who vouches for metadata', () => {
  const login = 'https://login.microsoftonline.com'
  const app = 'appid=2d4d3d8e-2be3-4bef-9f87-7875a61c29de'
  const otherApp = 'appid=3d4d3d8e-2be3-4bef-9f87-7875a61c29de'
  const path = `/${context.tenantId}/federationmetadata/2007-06/federationmetadata.xml`
  const trust = (
    urls: readonly string[],
    signature: IdpMetadata['signature'] = 'unverified',
    tenantId: string | null = context.tenantId,
  ) => metadataTrust({ urls, metadata: { signature, tenantId }, entraLoginUrl: login })

  it("Entra's address for the tenant and one application", () => {
    expect(trust([`${login}${path}?${app}`])).toBe('entra')
    expect(trust([`${login}${path.toUpperCase()}?${app}`])).toBe('entra')
    expect(trust([`${login}${path}?${app}`, `${login}${path}?${app}&x=1`])).toBe('entra')
  })

  it('a pinned key, whatever the address', () => {
    expect(trust(['https://idp.example/metadata'], { keyId: 'k' }, null)).toBe('signed')
  })

  it('the stand-in tenant, when it is ENTRA_LOGIN_URL', () => {
    const metadata = { signature: 'absent', tenantId: context.tenantId } as const
    const entraLoginUrl = 'http://127.0.0.1:8788'
    const urls = [`${entraLoginUrl}${path}?${app}`]
    expect(metadataTrust({ urls, metadata, entraLoginUrl })).toBe('entra')
    expect(metadataTrust({ urls, metadata, entraLoginUrl: login })).toBe('none')
  })

  it.each([
    ['no URL', []],
    ['no appid', [`${login}${path}`]],
    ['an empty appid', [`${login}${path}?appid=`]],
    ['two appids', [`${login}${path}?${app}&${app}`]],
    // Entra reads names of parameters in any case, so it is not known which one it would answer for.
    ['two appids in different case', [`${login}${path}?${app}&${otherApp.replace('a', 'A')}`]],
    ['a redirect to another app', [`${login}${path}?${app}`, `${login}${path}?${otherApp}`]],
    ['another host', [`https://login.microsoftonline.com.evil.example${path}?${app}`]],
    ['another port', [`${login}:8443${path}?${app}`]],
    ['http', [`http://login.microsoftonline.com${path}?${app}`]],
    ['credentials', [`https://login.microsoftonline.com@evil.example${path}?${app}`]],
    ['a user name', [`https://x@login.microsoftonline.com${path}?${app}`]],
    [
      'the common endpoint',
      [`${login}/common/federationmetadata/2007-06/federationmetadata.xml?${app}`],
    ],
    ['another tenant', [`${login}${path.replace('a1a1', 'b2b2')}?${app}`]],
    ['a path that climbs out', [`${login}${path}/../../../../evil?${app}`]],
    ['another path of the tenant', [`${login}/${context.tenantId}/saml2?${app}`]],
    ['a redirect that led elsewhere', [`${login}${path}?${app}`, `https://evil.example/?${app}`]],
    ['a redirect that came from elsewhere', ['https://evil.example/', `${login}${path}?${app}`]],
  ])('nobody: %s', (_name, urls) => {
    expect(trust(urls)).toBe('none')
  })

  it('nobody: another provider at the right address', () => {
    for (const tenant of [context.tenantId, 'null']) {
      const url = `${login}${path.replace(context.tenantId, tenant)}?${app}`
      expect(trust([url], 'unverified', null)).toBe('none')
    }
  })
})
