import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { refreshDueMetadata } from '../../../src/saml/index.ts'
import { context } from '../../support/saml-context.ts'
import { buildMetadata, type MetadataOptions } from '../../support/saml-messages.ts'
import { dayMs, pin, tables } from '../support/door-world.ts'
import {
  appId,
  entraUrl,
  metadataWorld,
  otherHostUrl,
  print,
  xmlHeaders,
} from './metadata-world.ts'

const both: MetadataOptions = { signing: ['K', 'Knext'] }
const otherTenant = 'b2b2b2b2-0000-4000-8000-00000000000b'

describe('keys of metadata', () => {
  it.each<readonly [string, string, MetadataOptions]>([
    ['from Entra’s own address', entraUrl, both],
    ['signed by a pinned key', otherHostUrl, { ...both, sign: { key: 'K' } }],
  ])('are added by themselves %s', async (_name, url, document) => {
    const world = await metadataWorld({ url })
    await world.serve(document)
    await refreshDueMetadata(world.deps, context.nowMs)
    const after = await world.state()
    expect(after.trusted).toEqual([await print('K'), await print('Knext')].sort())
    expect(after.types).toEqual(['metadata.refreshed'])
    expect(after.connection.version).toBe(2)
    expect(after.refresh).toMatchObject({ pending: null, failure: null, failures: 0 })
    const added = after.certificates.find(({ addedAt, retireAt }) => addedAt && retireAt === null)
    expect(added?.origin).toBe('metadata')
    await world.refreshAfter(dayMs)
    expect((await world.state()).connection.version).toBe(2)
    expect((await world.state()).types).toEqual(['metadata.refreshed'])
  })

  it.each<readonly [string, string, MetadataOptions]>([
    ['another host', otherHostUrl, both],
    ['the same host and another tenant', entraUrl.replace(context.tenantId, otherTenant), both],
    ['no appid', entraUrl.replace(/\?.*/, ''), both],
    ['an appid that is none', entraUrl.replace(appId, 'x'), both],
    ['a signature by the new key itself', otherHostUrl, { ...both, sign: { key: 'Knext' } }],
    ['a signature by a stranger', otherHostUrl, { ...both, sign: { key: 'K2' } }],
    ['a signature that the document was changed after', otherHostUrl, {}],
  ])('wait for an admin: %s', async (name, url, document) => {
    const world = await metadataWorld({ url })
    if (name.includes('changed after')) {
      const xml = await buildMetadata({ signing: ['K', 'K2'], sign: { key: 'K' } })
      const [from, to] = await Promise.all([
        buildMetadata({ signing: ['K2'] }),
        buildMetadata({ signing: ['Knext'] }),
      ])
      const text = (one: string) => /<X509Certificate>([^<]+)/.exec(one)?.[1] ?? ''
      const changed = xml.replaceAll(text(from), text(to))
      world.served.set(url, () => new Response(changed, { headers: xmlHeaders }))
    } else await world.serve(document)
    await refreshDueMetadata(world.deps, context.nowMs)
    const after = await world.state()
    expect(after.trusted).toEqual([await print('K')])
    expect(after.types).toEqual(['metadata.pending'])
    expect(after.refresh?.pending).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      dismissedAtMs: null,
      changes: [{ kind: 'add_certificate', sha256: await print('Knext') }],
    })
    // Asked once, and not each day.
    await world.refreshAfter(dayMs)
    expect((await world.state()).types).toEqual(['metadata.pending'])
    expect((await world.state()).refresh?.pending).toEqual(after.refresh?.pending)
  })

  it('do not vouch for others once they are retired, or past their dates', async () => {
    for (const change of [{ retiredAt: 1 }, 'expired'] as const) {
      const world = await metadataWorld({ url: otherHostUrl })
      if (change === 'expired') await pin(context.connectionId, ['Kexpired'])
      else await world.db.update(tables.connectionCertificates).set(change)
      const key = change === 'expired' ? 'Kexpired' : 'K'
      await world.serve({ ...both, sign: { key } })
      await refreshDueMetadata(world.deps, context.nowMs)
      const after = await world.state()
      expect(after.types).toEqual(['metadata.pending'])
      expect(after.trusted).not.toContain(await print('Knext'))
      await world.db.delete(tables.organizations)
      await world.db.delete(tables.events)
    }
  })

  it('that vanished go after seven days, once another has verified a sign-in', async () => {
    const world = await metadataWorld()
    await world.serve({ signing: ['Knext'] })
    await refreshDueMetadata(world.deps, context.nowMs)
    const planned = await world.state()
    const old = planned.certificates.find(({ retireAt }) => retireAt !== null)
    expect(old).toMatchObject({ sha256: await print('K'), retireAt: context.nowMs + 7 * dayMs })
    expect(planned.trusted).toHaveLength(2)

    await world.refreshAfter(8 * dayMs)
    expect((await world.state()).trusted).toHaveLength(2)
    await world.db
      .update(tables.connectionCertificates)
      .set({ lastVerifiedAt: context.nowMs + dayMs })
    await world.refreshAfter(dayMs)
    const after = await world.state()
    expect(after.trusted).toEqual([await print('Knext')])
    expect(after.types).toEqual([
      'metadata.refreshed',
      expect.stringMatching(/^(certificate.retired|metadata.refreshed)$/),
      expect.stringMatching(/^(certificate.retired|metadata.refreshed)$/),
    ])
    expect(after.types).toContain('certificate.retired')
  })

  it('that return stay, and those that an admin retired do not', async () => {
    const world = await metadataWorld()
    await world.serve({ signing: ['Knext'] })
    await refreshDueMetadata(world.deps, context.nowMs)
    await world.serve(both)
    await world.refreshAfter(dayMs)
    expect((await world.state()).certificates.map(({ retireAt }) => retireAt)).toEqual([null, null])
    await world.db.update(tables.connectionCertificates).set({ retiredAt: world.clock.ms })
    await world.refreshAfter(dayMs)
    const after = await world.state()
    expect(after.certificates.map(({ retiredAt }) => retiredAt)).not.toContain(null)
    expect(after.refresh?.pending).toBe(null)
  })

  it('are looked at when one may go, and otherwise within a day', async () => {
    const world = await metadataWorld()
    await world.serve({ signing: ['Knext'] })
    await refreshDueMetadata(world.deps, context.nowMs)
    await world.refreshAfter(6.5 * dayMs)
    expect((await world.state()).refresh?.dueAt).toBe(context.nowMs + 7 * dayMs)
    await world.refreshAfter(dayMs)
    const wait = ((await world.state()).refresh?.dueAt ?? 0) - world.clock.ms
    expect(wait).toBeLessThanOrEqual(dayMs)
    expect(wait).toBeGreaterThanOrEqual(0.9 * dayMs)
  })
})

describe('addresses of metadata', () => {
  it('always wait for an admin', async () => {
    const world = await metadataWorld()
    await world.serve({ ssoUrl: 'https://evil.example/sso', sloUrl: null, sign: { key: 'K' } })
    await refreshDueMetadata(world.deps, context.nowMs)
    const after = await world.state()
    expect([after.connection.ssoUrl, after.connection.sloUrl]).toEqual([
      context.ssoUrl,
      context.idpSloUrl,
    ])
    expect(after.refresh?.pending).toMatchObject({
      changes: [
        { kind: 'change_sso_url', from: context.ssoUrl, to: 'https://evil.example/sso' },
        { kind: 'change_slo_url', from: context.idpSloUrl, to: null },
      ],
    })
    await world.serve({})
    await world.refreshAfter(dayMs)
    expect((await world.state()).refresh?.pending).toBe(null)
  })
})

describe('metadata that is refused', () => {
  const redirect = (location: string) => new Response(null, { status: 302, headers: { location } })
  const text = (body: BodyInit, type = 'application/xml', status = 200) =>
    new Response(body, { status, headers: { 'content-type': type } })
  const never = () =>
    new Response(new ReadableStream({ pull: () => new Promise<void>(() => undefined) }), {
      headers: xmlHeaders,
    })
  const cases: readonly [string, string, () => Response | Promise<Response>][] = [
    [
      'saml.metadata',
      'entity_id_changed',
      async () =>
        text(await buildMetadata({ ...both, entityId: `https://sts.windows.net/${otherTenant}/` })),
    ],
    ['saml.metadata', 'xml', () => text('<a')],
    [
      'saml.metadata',
      'no_signing_certificate',
      async () => text(await buildMetadata({ signing: [], encryption: ['K'] })),
    ],
    ['saml.metadata_fetch', 'content_type', () => text('<html/>', 'text/html')],
    ['saml.metadata_fetch', 'status', () => text('', 'application/xml', 404)],
    ['saml.metadata_fetch', 'address', () => redirect('https://127.0.0.1/metadata')],
    ['saml.metadata_fetch', 'local_name', () => redirect('https://metadata.internal/')],
    ['saml.metadata_fetch', 'scheme', () => redirect('http://metadata.example/')],
    ['saml.metadata_fetch', 'too_large', () => text(new Uint8Array(limits.metadataBytes + 1))],
    ['saml.metadata_fetch', 'time_limit', never],
    [
      'saml.metadata_fetch',
      'network',
      () => {
        throw new TypeError('Network connection lost.')
      },
    ],
  ]

  it.each(cases)('%s %s: changes nothing, and is told once', async (code, reason, answer) => {
    const world = await metadataWorld()
    const before = await world.state()
    world.served.set(entraUrl, answer)
    await refreshDueMetadata(world.deps, context.nowMs)
    const after = await world.state()
    expect(after.connection).toEqual(before.connection)
    expect(after.certificates).toEqual(before.certificates)
    expect(after.events).toMatchObject([
      { type: 'metadata.refused', outcome: 'refused', code, actor: 'system', facts: { reason } },
    ])
    expect(after.refresh).toMatchObject({ failure: { code, reason }, failures: 1, pending: null })
    expect(after.refresh?.dueAt).toBe(context.nowMs + limits.metadataRetryMs)
  })

  it('backs off to a day, is told again when the reason changes, and says when it is over', async () => {
    const world = await metadataWorld()
    world.served.set(entraUrl, () => text('', 'application/xml', 503))
    const pauses: number[] = []
    for (let i = 0; i < 7; i++) {
      await world.refreshAfter(dayMs)
      pauses.push(((await world.state()).refresh?.dueAt ?? 0) - world.clock.ms)
    }
    const hourMs = dayMs / 24
    expect(pauses.slice(0, 5)).toEqual([1, 2, 4, 8, 16].map((hours) => hours * hourMs))
    for (const pause of pauses.slice(5)) {
      expect(pause).toBeLessThanOrEqual(dayMs)
      expect(pause).toBeGreaterThanOrEqual(0.9 * dayMs)
    }
    expect((await world.state()).types).toEqual(['metadata.refused'])
    world.served.set(entraUrl, () => text('<html/>', 'text/html'))
    await world.refreshAfter(dayMs)
    await world.serve({})
    await world.refreshAfter(dayMs)
    await world.refreshAfter(dayMs)
    const after = await world.state()
    expect(after.types).toEqual(['metadata.refused', 'metadata.refused', 'metadata.refreshed'])
    expect(after.events[2]?.facts).toEqual({ trusted: 'entra', recovered: true })
    expect(after.refresh).toMatchObject({ failure: null, failures: 0 })
  })
})
