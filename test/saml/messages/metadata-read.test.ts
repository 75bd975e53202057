import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type IdpMetadata,
  type MetadataOptions,
  readMetadata,
} from '../../../src/saml/metadata-read.ts'
import {
  certificateBase64,
  certificateDer,
  type KeyName,
  oddCertificateDer,
  oddCertificateNames,
} from '../../support/keys.ts'
import { at, context, minuteMs, nowMs } from '../../support/saml-context.ts'
import { buildMetadata } from '../../support/saml-messages.ts'
import { verifyKey, verifyKeyOf } from './verify-keys.ts'

const defaults: MetadataOptions = { nowMs, allowLoopback: false }
const read = (xml: string | Uint8Array, options: Partial<MetadataOptions> = {}) =>
  readMetadata(typeof xml === 'string' ? new TextEncoder().encode(xml) : xml, {
    ...defaults,
    ...options,
  })
const fixture = (name: string) => readFileSync(`test/fixtures/metadata/${name}.xml`)
const fingerprint = (der: Uint8Array) => createHash('sha256').update(der).digest('hex')
const print = (name: KeyName) => fingerprint(certificateDer(name))
const prints = (metadata: IdpMetadata) => metadata.signingCertificates.map(({ sha256 }) => sha256)
const refusal = (reason: string) => ({ ok: false, failure: { code: 'saml.metadata', reason } })

async function accepted(xml: string | Uint8Array, options: Partial<MetadataOptions> = {}) {
  const result = await read(xml, options)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** Certificates of one kind as they stand in the text of a file, found without any XML reader. */
function certificatesIn(text: string): readonly string[] {
  const all = [...text.matchAll(/X509Certificate>([^<]+)</g)].map(([, base64]) =>
    fingerprint(Buffer.from(base64 ?? '', 'base64')),
  )
  return [...new Set(all)]
}

describe('metadata as products write it', () => {
  const keycloak = 'https://keycloak.example:8443/realms/main'
  const simple = 'https://login.example.edu/simplesaml/module.php/saml/idp'
  const entra = '5e1f0c52-8f4c-4a63-9c39-0e6f2f6d9b11'
  const products: readonly [name: string, expected: Partial<IdpMetadata>, certificates: number][] =
    [
      [
        'entra',
        {
          entityId: `https://sts.windows.net/${entra}/`,
          tenantId: entra,
          ssoRedirectUrl: `https://login.microsoftonline.com/${entra}/saml2`,
          ssoPostUrl: `https://login.microsoftonline.com/${entra}/saml2`,
          sloUrl: `https://login.microsoftonline.com/${entra}/saml2`,
          sloResponseUrl: null,
          wantAuthnRequestsSigned: false,
          validUntilMs: null,
          signature: 'unverified',
        },
        2,
      ],
      [
        'okta',
        {
          entityId: 'http://www.okta.com/exk1a2b3c4d5e6f7g8h9',
          tenantId: null,
          ssoRedirectUrl:
            'https://contoso.okta.example/app/contoso_portico_1/exk1a2b3c4d5e6f7g8h9/sso/saml',
          sloUrl: null,
          sloResponseUrl: null,
          wantAuthnRequestsSigned: false,
          signature: 'absent',
        },
        1,
      ],
      [
        'google',
        {
          entityId: 'https://accounts.google.com/o/saml2?idpid=C03ab12cd',
          ssoRedirectUrl: 'https://accounts.google.com/o/saml2/idp?idpid=C03ab12cd',
          sloUrl: null,
          validUntilMs: Date.UTC(2036, 10, 20, 9, 25, 42),
        },
        1,
      ],
      [
        'keycloak',
        {
          entityId: keycloak,
          ssoRedirectUrl: `${keycloak}/protocol/saml`,
          ssoPostUrl: `${keycloak}/protocol/saml`,
          sloUrl: `${keycloak}/protocol/saml`,
          wantAuthnRequestsSigned: true,
        },
        1,
      ],
      [
        'simplesamlphp',
        {
          entityId: 'https://login.example.edu/simplesaml/saml2/idp/metadata.php',
          ssoRedirectUrl: `${simple}/singleSignOnService`,
          ssoPostUrl: null,
          sloUrl: `${simple}/singleLogout`,
          sloResponseUrl: `${simple}/singleLogout?answer=1`,
        },
        1,
      ],
      [
        'adfs',
        {
          entityId: 'http://adfs.contoso.example/adfs/services/trust',
          ssoRedirectUrl: 'https://adfs.contoso.example/adfs/ls/',
          sloUrl: 'https://adfs.contoso.example/adfs/ls/',
          signature: 'unverified',
        },
        1,
      ],
      [
        'shibboleth',
        {
          entityId: 'https://idp.example.org/idp/shibboleth',
          ssoRedirectUrl: 'https://idp.example.org/idp/profile/SAML2/Redirect/SSO',
          ssoPostUrl: 'https://idp.example.org/idp/profile/SAML2/POST/SSO',
          sloUrl: null,
          validUntilMs: Date.UTC(2036, 10, 23, 8),
        },
        1,
      ],
    ]
  it.each(products)('D01 positive control: %s', async (name, expected, count) => {
    const metadata = await accepted(fixture(name))
    expect(metadata).toMatchObject({ ...expected, rejectedCertificates: [], warnings: [] })
    expect(prints(metadata)).toHaveLength(count)
    const published = certificatesIn(fixture(name).toString())
    for (const sha256 of prints(metadata)) expect(published).toContain(sha256)
  })

  it('D02 ADFS: the signing certificate is taken, the one for encryption is not', async () => {
    const metadata = await accepted(fixture('adfs'))
    expect(metadata.signingCertificates.map(({ subject }) => subject)).toEqual([
      'CN=ADFS Signing - adfs.contoso.example',
    ])
  })

  it('D05 ADFS: signed by xmlsec1, verifies with the pinned key', async () => {
    const [signing] = (await accepted(fixture('adfs'))).signingCertificates
    if (signing === undefined) throw new Error('no certificate')
    const metadata = await accepted(fixture('adfs'), { signedBy: [await verifyKeyOf(signing.der)] })
    expect(metadata.signature).toEqual({ keyId: signing.sha256 })
    expect(metadata.entityId).toBe('http://adfs.contoso.example/adfs/services/trust')
  })

  it('D05 Entra: signed by a key of its own, which is reported or refused as asked', async () => {
    const signedBy = [await verifyKey('K')]
    const reported = await accepted(fixture('entra'), { signedBy, otherSigners: 'report' })
    expect(reported.signature).toBe('unverified')
    expect(await read(fixture('entra'), { signedBy })).toMatchObject(refusal('signature'))
  })
})

describe('what metadata is refused for', () => {
  const edited = async (edit: (xml: string) => string) => edit(await buildMetadata())
  const insert = (text: string) => (xml: string) => xml.replace('<IDPSSODescriptor', `${text}$&`)
  const role = /<IDPSSODescriptor[\s\S]*<\/IDPSSODescriptor>/
  const wrap = (xml: string) =>
    xml.replace(
      /(<EntityDescriptor[\s\S]*)/,
      '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">$1</EntitiesDescriptor>',
    )

  const cases: readonly [name: string, edit: (xml: string) => string, reason: string][] = [
    ['a DOCTYPE', (x) => x.replace('?>', '?><!DOCTYPE EntityDescriptor>'), 'xml'],
    [
      'an external entity',
      (x) =>
        x
          .replace('?>', '?><!DOCTYPE e [<!ENTITY x SYSTEM "https://canary.example/">]>')
          .replace('</EntityDescriptor>', '&x;$&'),
      'xml',
    ],
    ['CDATA', (x) => x.replace(/(X509Certificate>)([^<]+)/, '$1<![CDATA[$2]]>'), 'xml'],
    ['a second root', (x) => `${x}<EntityDescriptor/>`, 'xml'],
    ['nothing', () => '', 'xml'],
    ['a web page', () => '<!DOCTYPE html><html><body>Sign in</body></html>', 'xml'],
    ['JSON', () => '{"issuer":"https://idp.example"}', 'xml'],
    ['another document', () => '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'not_metadata'],
    ['another namespace', (x) => x.replaceAll('SAML:2.0:metadata', 'SAML:2.0:x'), 'not_metadata'],
    [
      'another element of metadata',
      (x) => x.replaceAll('EntityDescriptor', 'AffiliationDescriptor'),
      'not_metadata',
    ],
    ['no namespace', () => '<EntityDescriptor entityID="https://idp.example"/>', 'not_metadata'],
    ['EntitiesDescriptor around one entity', wrap, 'entities_descriptor'],
    ['two IDPSSODescriptors', (x) => x.replace(role, '$&$&'), 'several_identity_providers'],
    [
      'a second IDPSSODescriptor of another protocol',
      insert('<IDPSSODescriptor protocolSupportEnumeration="urn:x"/>'),
      'several_identity_providers',
    ],
    ['no role at all', (x) => x.replace(role, ''), 'no_identity_provider'],
    [
      'a service provider',
      (x) => x.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
      'service_provider',
    ],
    [
      'an IDPSSODescriptor for another protocol',
      (x) =>
        x.replace(
          /(<IDPSSODescriptor protocolSupportEnumeration=")[^"]*/,
          '$1urn:oasis:names:tc:SAML:1.1:protocol',
        ),
      'no_identity_provider',
    ],
    [
      'an IDPSSODescriptor in another namespace',
      (x) => x.replace('<IDPSSODescriptor', '$& xmlns="urn:x"'),
      'no_identity_provider',
    ],
    [
      'an IDPSSODescriptor deeper down',
      (x) => x.replace(role, '<Extensions>$&</Extensions>'),
      'no_identity_provider',
    ],
    ['no entityID', (x) => x.replace(/ entityID="[^"]*"/, ''), 'entity_id'],
    ['an empty entityID', (x) => x.replace(/entityID="[^"]*"/, 'entityID=""'), 'entity_id'],
    ['an entityID with a space', (x) => x.replace('entityID="', '$& '), 'entity_id'],
    [
      'an entityID of 257',
      (x) => x.replace(/entityID="[^"]*/, `entityID="${'a'.repeat(257)}`),
      'entity_id',
    ],
    [
      'an entityID in a namespace only',
      (x) => x.replace('entityID=', 'xmlns:e="urn:e" e:entityID='),
      'entity_id',
    ],
    [
      "Entra's /common/ metadata",
      (x) => x.replaceAll(context.tenantId, '{tenantid}'),
      'common_endpoint',
    ],
    [
      'validUntil in the past',
      (x) => x.replace('entityID', `validUntil="${at(-1)}" $&`),
      'valid_until',
    ],
    ['validUntil now', (x) => x.replace('entityID', `validUntil="${at()}" $&`), 'valid_until'],
    [
      'validUntil of the role in the past',
      (x) => x.replace('<IDPSSODescriptor', `$& validUntil="${at(-minuteMs)}"`),
      'valid_until',
    ],
    ['validUntil without meaning', (x) => x.replace('entityID', 'validUntil="" $&'), 'valid_until'],
    [
      'validUntil in another zone',
      (x) => x.replace('entityID', 'validUntil="2036-01-01T00:00:00+02:00" $&'),
      'valid_until',
    ],
    [
      'no SingleSignOnService',
      (x) => x.replaceAll(/<SingleSignOnService[^>]*>/g, ''),
      'no_sso_url',
    ],
    [
      'SingleSignOnService by SOAP only',
      (x) => x.replaceAll(/(<SingleSignOnService Binding="[^"]*:)[^":]*"/g, '$1SOAP"'),
      'no_sso_url',
    ],
    [
      'SingleSignOnService without Location',
      (x) => x.replaceAll(/(<SingleSignOnService Binding="[^"]*") Location="[^"]*"/g, '$1'),
      'sso_url',
    ],
    [
      'no KeyDescriptor',
      (x) => x.replace(role, (r) => r.replace(/<KeyDescriptor[\s\S]*<\/KeyDescriptor>/, '')),
      'no_signing_certificate',
    ],
    [
      'only an encryption key',
      (x) => x.replace(role, (r) => r.replace('use="signing"', 'use="encryption"')),
      'no_signing_certificate',
    ],
    [
      'a use of no meaning',
      (x) => x.replace(role, (r) => r.replace('use="signing"', 'use="Signing"')),
      'no_signing_certificate',
    ],
    [
      'KeyDescriptor without KeyInfo',
      (x) => x.replace(role, (r) => r.replace(/<KeyInfo[\s\S]*<\/KeyInfo>/, '')),
      'xml',
    ],
    [
      'a certificate with an element inside',
      (x) => x.replace(role, (r) => r.replace('</X509Certificate>', '<x/>$&')),
      'xml',
    ],
    [
      'two Signatures',
      insert(
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
      ),
      'xml',
    ],
    [
      '1 MiB and more',
      (x) => x.replace('</EntityDescriptor>', `<!--${'x'.repeat(1024 * 1024)}-->$&`),
      'size',
    ],
  ]
  it.each(cases)('D01 %s', async (_name, edit, reason) => {
    const xml = await edited(edit)
    expect(xml).not.toBe(await buildMetadata())
    expect(await read(xml)).toMatchObject(refusal(reason))
    expect((await read(await buildMetadata())).ok).toBe(true)
  })

  it('D01 the cause of unreadable XML is kept', async () => {
    const xml = await edited((x) => x.replace('?>', '?><!DOCTYPE r>'))
    expect(await read(xml)).toMatchObject({ failure: { cause: { code: 'xml.doctype' } } })
  })

  it('D01 another entityID than the configured one', async () => {
    const xml = await buildMetadata()
    expect((await read(xml, { expectedEntityId: context.idpEntityId })).ok).toBe(true)
    const other = context.idpEntityId.slice(0, -1)
    expect(await read(xml, { expectedEntityId: other })).toMatchObject({
      ok: false,
      failure: { reason: 'entity_id_changed', expected: other, got: context.idpEntityId },
    })
  })

  it('D01 positive control: validUntil a moment from now, the earlier of two', async () => {
    const xml = await edited((x) =>
      x
        .replace('entityID', `validUntil="${at(1)}" $&`)
        .replace('<IDPSSODescriptor', `$& validUntil="${at(minuteMs)}"`),
    )
    expect((await accepted(xml)).validUntilMs).toBe(nowMs + 1)
  })

  it('D01 positive control: comments, processing instructions and a byte order mark', async () => {
    const xml = await buildMetadata({ byteOrderMark: true })
    const noted = xml.replace('<IDPSSODescriptor', '<!-- note --><?app x?>$&')
    expect((await accepted(noted)).entityId).toBe(context.idpEntityId)
  })

  it.each([
    ['http:', 'http://idp.example/sso'],
    ['javascript:', 'javascript:alert(1)'],
    ['credentials', 'https://user:pass@idp.example/sso'],
    ['a user name', 'https://idp.example@evil.example/'],
    ['no host', 'https:///sso'],
    ['a relative URL', '/sso'],
    ['a fragment', 'https://idp.example/sso#x'],
    ['white space', ' https://idp.example/sso'],
    ['a backslash', 'https:\\\\idp.example'],
    ['loopback', 'http://localhost:8788/sso'],
    ['2049 characters', `https://idp.example/${'a'.repeat(2029)}`],
    ['nothing', ''],
  ])('D03 a URL with %s is refused for sign-in and for logout', async (_name, url) => {
    expect(await read(await buildMetadata({ ssoUrl: url }))).toMatchObject(refusal('sso_url'))
    expect(await read(await buildMetadata({ sloUrl: url }))).toMatchObject(refusal('slo_url'))
  })

  it('D03 the POST and the response locations are checked too', async () => {
    const post = await edited((x) => x.replace(/(HTTP-POST" Location=")https/, '$1http'))
    expect(await read(post)).toMatchObject(refusal('sso_url'))
    const response = await edited((x) =>
      x.replace('<SingleLogoutService', '$& ResponseLocation="http://idp.example/"'),
    )
    expect(await read(response)).toMatchObject(refusal('slo_url'))
  })

  it('D03 positive control: loopback while PUBLIC_URL is on localhost; a query is kept', async () => {
    const ssoUrl = 'http://localhost:8788/sso?x=1&amp;y=2'
    const metadata = await accepted(
      await buildMetadata({ ssoUrl: 'http://localhost:8788/sso?x=1&y=2' }),
      {
        allowLoopback: true,
      },
    )
    expect(metadata.ssoRedirectUrl).toBe(ssoUrl.replace('&amp;', '&'))
  })
})

describe('the keys of metadata', () => {
  it('D02 several signing keys, those without use, and none of the others', async () => {
    const xml = await buildMetadata({
      signing: ['K', 'Knext'],
      unspecified: ['KE'],
      encryption: ['Kenc'],
    })
    const metadata = await accepted(xml)
    expect(prints(metadata)).toEqual([print('K'), print('Knext'), print('KE')])
    expect(metadata.rejectedCertificates).toEqual([])
  })

  it('D02 the same certificate twice is one key', async () => {
    const metadata = await accepted(
      await buildMetadata({ signing: ['K', 'K'], unspecified: ['K'] }),
    )
    expect(prints(metadata)).toEqual([print('K')])
  })

  it('D02 two certificates in one KeyDescriptor are two keys', async () => {
    const xml = await buildMetadata()
    const second = `<X509Certificate>${certificateBase64('Knext')}</X509Certificate>`
    const both = xml.replace(/(<IDPSSODescriptor[\s\S]*?)(<\/X509Data>)/, `$1${second}$2`)
    expect(prints(await accepted(both))).toEqual([print('K'), print('Knext')])
  })

  const withKey = async (base64: string) => {
    const xml = await buildMetadata({ signing: ['Knext', 'K'] })
    const start = xml.indexOf('<IDPSSODescriptor')
    return xml.slice(0, start) + xml.slice(start).replace(certificateBase64('Knext'), base64)
  }
  const bad: readonly [name: string, base64: string][] = [
    ...oddCertificateNames.map((name): [string, string] => [
      name,
      Buffer.from(oddCertificateDer(name)).toString('base64'),
    ]),
    ['no base64', '****'],
    ['nothing', ''],
    ['junk', Buffer.from('not a certificate').toString('base64')],
  ]
  it.each(bad)('D02 K08 a bad certificate beside a good one: %s', async (_name, base64) => {
    const metadata = await accepted(await withKey(base64))
    expect(prints(metadata)).toEqual([print('K')])
    expect(metadata.rejectedCertificates).toMatchObject([{ position: 1 }])
  })

  it('D02 sixteen keys are kept, seventeen are refused', async () => {
    // The serial number makes them different; nobody checks a self-signature.
    const der = Buffer.from(certificateDer('K'))
    const serial = der.indexOf(Buffer.from([0xa0, 0x03, 0x02, 0x01, 0x02, 0x02])) + 7
    const variants = Array.from({ length: 17 }, (_, i) => {
      const copy = Buffer.from(der)
      copy[serial] = i + 1
      return copy.toString('base64')
    })
    const publish = async (count: number) => {
      const xml = await buildMetadata()
      const start = xml.indexOf('<IDPSSODescriptor')
      const keys = variants
        .slice(0, count)
        .map((base64) => `<X509Certificate>${base64}</X509Certificate>`)
      const cut = Math.ceil(keys.length / 2)
      const data = [keys.slice(0, cut), keys.slice(cut)]
        .map((some) => `<X509Data>${some.join('')}</X509Data>`)
        .join('')
      return xml.slice(0, start) + xml.slice(start).replace(/<X509Data>[\s\S]*?<\/X509Data>/, data)
    }
    expect((await accepted(await publish(16))).signingCertificates).toHaveLength(16)
    expect(await read(await publish(17))).toMatchObject(refusal('too_many_certificates'))
  })

  it('D02 a key without a certificate is reported', async () => {
    const xml = await buildMetadata({ signing: ['Knext', 'K'] })
    const start = xml.indexOf('<IDPSSODescriptor')
    const named = xml.slice(start).replace(/<X509Data>[\s\S]*?<\/X509Data>/, '<KeyName>k</KeyName>')
    const metadata = await accepted(xml.slice(0, start) + named)
    expect(prints(metadata)).toEqual([print('K')])
    expect(metadata.rejectedCertificates).toEqual([{ position: 1, reason: 'no_certificate' }])
  })

  it('D02 only bad certificates: refused, with what is wrong with them', async () => {
    const xml = (await withKey('****')).replaceAll(certificateBase64('K'), 'AAAA')
    expect(await read(xml)).toMatchObject({
      ok: false,
      failure: {
        code: 'saml.metadata',
        reason: 'no_signing_certificate',
        got: expect.stringContaining('not_base64'),
      },
    })
  })

  it('D02 expired keys are kept as published, and a file with no valid key is warned of', async () => {
    const mixed = await accepted(await buildMetadata({ signing: ['Kexpired', 'K'] }))
    expect(prints(mixed)).toEqual([print('Kexpired'), print('K')])
    expect(mixed.warnings).toEqual([])
    const none = await accepted(await buildMetadata({ signing: ['Kexpired', 'Kfuture'] }))
    expect(none.warnings).toEqual(['no_valid_certificate'])
  })

  it('Entra: metadata fetched without appid is warned of', async () => {
    const base = `https://login.microsoftonline.com/${context.tenantId}/federationmetadata/2007-06/federationmetadata.xml`
    const xml = await buildMetadata()
    const warningsFor = async (sourceUrl: string) => (await accepted(xml, { sourceUrl })).warnings
    expect(await warningsFor(base)).toEqual(['no_app_id'])
    expect(await warningsFor(`${base}?appid=`)).toEqual(['no_app_id'])
    expect(await warningsFor(`${base}?appid=2d4d3d8e-2be3-4bef-9f87-7875a61c29de`)).toEqual([])
    const okta = await accepted(fixture('okta'), { sourceUrl: 'https://okta.example/metadata' })
    expect(okta.warnings).toEqual([])
  })
})

describe('signed metadata', () => {
  it('D05 positive control: signed by a pinned key, read as signed', async () => {
    const xml = await buildMetadata({ sign: { key: 'K' } })
    const metadata = await accepted(xml, {
      signedBy: [await verifyKey('KE'), await verifyKey('K')],
    })
    expect(metadata.signature).toEqual({ keyId: print('K') })
    expect(metadata.tenantId).toBe(context.tenantId)
    expect(metadata.ssoRedirectUrl).toBe(context.ssoUrl)
  })

  const cases: readonly [name: string, xml: () => Promise<string>, reason: string][] = [
    [
      'by an unknown key, embedded in KeyInfo',
      () => buildMetadata({ sign: { key: 'Kprime' } }),
      'signature',
    ],
    ['by nobody', () => buildMetadata(), 'unsigned'],
    [
      'and changed afterwards',
      async () =>
        (await buildMetadata({ sign: { key: 'K' } })).replaceAll(
          context.ssoUrl,
          'https://evil.example/sso',
        ),
      'signature',
    ],
    [
      'with SHA-1',
      () => buildMetadata({ sign: { key: 'K', method: 'rsa-sha1', digest: 'sha1' } }),
      'signature',
    ],
    [
      'but only in one of two entities',
      async () => {
        const signed = (await buildMetadata({ sign: { key: 'K' } })).replace(/<\?xml[^>]*\?>/, '')
        const evil = (await buildMetadata({ entityId: 'https://evil.example' })).replace(
          /<\?xml[^>]*\?>/,
          '',
        )
        return `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${evil}${signed}</EntitiesDescriptor>`
      },
      'unsigned',
    ],
    [
      'in an entity inside the entity',
      async () => {
        const signed = (await buildMetadata({ sign: { key: 'K' } })).replace(/<\?xml[^>]*\?>/, '')
        const evil = await buildMetadata({ entityId: 'https://evil.example' })
        return evil.replace('<IDPSSODescriptor', `<Extensions>${signed}</Extensions>$&`)
      },
      'unsigned',
    ],
    [
      'with the Signature moved under another entity',
      async () => {
        const signed = await buildMetadata({ sign: { key: 'K' } })
        const signature = /<(?:\w+:)?Signature[\s\S]*<\/(?:\w+:)?Signature>/.exec(signed)?.[0] ?? ''
        const evil = await buildMetadata({ ssoUrl: 'https://evil.example/sso' })
        return evil.replace('<IDPSSODescriptor', `${signature}$&`)
      },
      'signature',
    ],
  ]
  it.each(cases)(
    'D05 signed %s: refused when a signature is required',
    async (_name, xml, reason) => {
      const signedBy = [await verifyKey('K')]
      expect(await read(await xml(), { signedBy })).toMatchObject(refusal(reason))
      expect((await read(await buildMetadata({ sign: { key: 'K' } }), { signedBy })).ok).toBe(true)
    },
  )

  it('D05 a signature that does not verify never counts as one', async () => {
    const signedBy = [await verifyKey('K')]
    const options = { signedBy, otherSigners: 'report' as const }
    const forged = await accepted(await buildMetadata({ sign: { key: 'Kprime' } }), options)
    expect(forged.signature).toBe('unverified')
    expect((await accepted(await buildMetadata(), options)).signature).toBe('absent')
    const unasked = await accepted(await buildMetadata({ sign: { key: 'K' } }))
    expect(unasked.signature).toBe('unverified')
  })
})
