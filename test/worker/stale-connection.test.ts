import { describe, expect, it } from 'vitest'
import { staleFailures } from '../../src/saml/judge-sign-in.ts'
import {
  type BuildOptions,
  certificateBase64,
  claims,
  defaultAttributes,
  type KeyName,
} from '../support/saml-builder.ts'
import { at, minuteMs, otherConnection } from '../support/saml-context.ts'
import {
  answer,
  context,
  createContoso,
  doorWorld,
  giveDecryptKey,
  browser as newBrowser,
  pin,
  pinCertificate,
  tables,
} from './support/door-world.ts'

const { connectionCertificates, connectionKeys, connections, events } = tables
const { connectionId } = context

type Columns = Partial<typeof connections.$inferInsert>

type Stale = {
  readonly code: string
  readonly name: string
  /** What the isolate remembers, where it differs from what the primary holds. */
  readonly was: Columns | 'no keys' | 'no decryption key' | { readonly pinned: readonly string[] }
  /** What the primary holds, beyond the usual. */
  readonly is?: Columns
  readonly build?: BuildOptions
  /** When the confirmation of the answer ends. */
  readonly confirmedUntil?: string
  /** Nobody asked for the response. */
  readonly unasked?: boolean
  /** Once the primary was asked; a sign-in unless told. */
  readonly status?: number
}

const key = (name: KeyName) => ({ pinned: [certificateBase64(name)] })
const skewed = { is: { extraSkewSeconds: 300 }, was: { extraSkewSeconds: 0 } }
const otherProvider = { tenantId: null }

/** K's certificate with other dates of the same length; what is inside is trusted by its fingerprint. */
function redated(from: string, to: string): { readonly pinned: readonly string[] } {
  const utcTime = '\x17\x0d'
  const [head = '', notBefore = '', notAfter] = atob(certificateBase64('K')).split(utcTime)
  if (notAfter === undefined) throw new Error('the dates were not found')
  const dated = [head, from + notBefore.slice(13), to + notAfter.slice(13)]
  return { pinned: [btoa(dated.join(utcTime))] }
}

const cases: readonly Stale[] = [
  { code: 'saml.connection_unusable', name: 'was a draft', was: { status: 'draft' } },
  { code: 'saml.connection_unusable', name: 'had no key', was: 'no keys' },
  {
    code: 'saml.issuer',
    name: 'had another provider',
    was: { idpEntityId: otherConnection.idpEntityId, tenantId: otherConnection.tenantId },
  },
  {
    code: 'saml.tenant_mismatch',
    name: 'had another tenant',
    was: { tenantId: otherConnection.tenantId },
  },
  {
    code: 'saml.unsolicited',
    name: 'took nothing that nobody asked for',
    is: { allowIdpInitiated: true },
    was: { allowIdpInitiated: false },
    unasked: true,
    status: 302,
  },
  {
    code: 'saml.decrypt_failed',
    name: 'had no key to decrypt with',
    was: 'no decryption key',
    build: { shape: 'FE' },
  },
  {
    code: 'saml.expired',
    name: 'tolerated less skew after',
    ...skewed,
    build: { assertion: { notBefore: at(-30 * minuteMs), notOnOrAfter: at(-7 * minuteMs) } },
  },
  {
    code: 'saml.not_yet_valid',
    name: 'tolerated less skew before',
    ...skewed,
    build: { assertion: { notBefore: at(7 * minuteMs) } },
  },
  {
    code: 'saml.issue_instant',
    name: 'tolerated less skew of what was just made',
    ...skewed,
    build: { assertion: { issueInstant: at(7 * minuteMs) } },
  },
  {
    code: 'saml.subject_confirmation',
    name: 'tolerated less skew of the confirmation',
    ...skewed,
    confirmedUntil: at(-7 * minuteMs),
  },
  {
    code: 'saml.authn',
    name: 'tolerated less skew of the authentication',
    ...skewed,
    build: { assertion: { authnInstant: at(7 * minuteMs) } },
  },
  {
    code: 'saml.identity',
    name: 'knew people by another claim',
    is: otherProvider,
    was: { identityClaim: 'employeeid' },
  },
  {
    code: 'saml.name_id',
    name: 'knew people by a NameID that is not for good',
    is: { ...otherProvider, identityClaim: claims.objectId },
    was: { identityClaim: null },
    build: {
      assertion: { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
    },
  },
  {
    code: 'saml.attribute_ambiguous',
    name: 'named people by a claim that has two values',
    was: { claimNames: { email: ['teams'] } },
    build: { assertion: { attributes: { ...defaultAttributes, teams: ['blue', 'red'] } } },
  },
  {
    code: 'saml.certificate_expired',
    name: 'held the certificate that this one replaced',
    was: redated('250101000000Z', '260101000000Z'),
  },
  {
    code: 'saml.certificate_not_yet_valid',
    name: 'held a certificate for later',
    was: redated('270101000000Z', '280101000000Z'),
  },
  { code: 'xmldsig.signature_invalid', name: 'held another key', was: key('Knext') },
  { code: 'xmldsig.algorithm', name: 'held keys of another kind', was: key('KE') },
]

/** An isolate that remembers a connection as it was, and a browser that meets it. */
async function staleWorld({ was, is = {}, build, confirmedUntil, unasked }: Stale) {
  const { db } = await createContoso({ connection: is })
  await giveDecryptKey(connectionId, 'E')
  const [good] = await db.select().from(connections)
  const trusted = await db.select().from(connectionCertificates)
  const keys = await db.select().from(connectionKeys)
  if (good === undefined) throw new Error('no connection')

  const fresh = doorWorld()
  const stale = doorWorld()
  let met = fresh
  const browser = newBrowser((path, init) => met.request(path, init))
  const requests = [await browser.start(), await browser.start()]
  met = stale

  if (was === 'no keys') await db.delete(connectionCertificates)
  else if (was === 'no decryption key') await db.delete(connectionKeys)
  else if ('pinned' in was) {
    await db.delete(connectionCertificates)
    for (const der of was.pinned as readonly string[]) await pinCertificate(connectionId, der)
  } else await db.update(connections).set(was)
  await db.update(connections).set({ version: 2 })
  await stale.request(`/saml/${connectionId}/metadata`)

  /** Posts a response; what the door answered, and what it read where. */
  async function post() {
    const requestId = unasked === true ? null : (requests.pop() ?? '')
    const { form } = await answer(requestId, {
      ...build,
      ...(confirmedUntil !== undefined && {
        assertion: { confirmations: [{ inResponseTo: requestId, notOnOrAfter: confirmedUntil }] },
      }),
    })
    stale.counting.restart()
    const response = await browser.post(form)
    const asked = stale.counting.calls
      .filter(({ sql }) => sql.every((one) => /^select/i.test(one)))
      .map(({ sql, consistency }) => ({
        consistency,
        isConnection: sql.some((one) => one.includes('from "connection_certificates"')),
      }))
    const recorded = await db.select().from(events)
    return { status: response.status, asked, code: recorded.at(-1)?.code ?? null }
  }

  /** Mends the connection at the primary. */
  async function mend(further: Columns = {}) {
    await db.delete(connectionCertificates)
    await db.delete(connectionKeys)
    await db.insert(connectionCertificates).values(trusted)
    await db.insert(connectionKeys).values(keys)
    await db.update(connections).set({ ...good, ...further, version: 3 })
  }

  return { db, post, mend }
}

const primaryRead = { consistency: 'first-primary', isConnection: true }

describe('a connection that changed since this isolate read it', () => {
  it('has a case for each failure that the change could explain', () => {
    expect(new Set(cases.map(({ code }) => code))).toEqual(staleFailures)
  })

  it.each(cases)(
    '$name ($code): is read again at the primary, and lets people in',
    async (stale) => {
      const { post, mend } = await staleWorld(stale)
      const refused = await post()
      expect([refused.status, refused.code]).toEqual([expect.any(Number), stale.code])
      expect(refused.status).toBeGreaterThanOrEqual(400)
      expect(refused.asked).toEqual([primaryRead])

      await mend()
      const { status, asked } = await post()
      expect(status).toBe(stale.status ?? 303)
      expect(asked[0]).toEqual(primaryRead)
      expect(asked.slice(1).map(({ isConnection }) => isConnection)).not.toContain(true)
      expect(new Set(asked.map(({ consistency }) => consistency))).toEqual(
        new Set(['first-primary']),
      )
    },
  )

  it.each(cases.filter(({ code }) => code !== 'saml.connection_unusable'))(
    '$name ($code): is refused by what it is now, not by what it was',
    async (stale) => {
      const { post, mend } = await staleWorld(stale)
      await mend({ status: 'disabled' })
      const { status, asked, code } = await post()
      expect([status, code]).toEqual([403, 'saml.connection_unusable'])
      expect(asked).toEqual([primaryRead])
    },
  )
})

describe('a response that no connection could accept', () => {
  it.each<readonly [string, BuildOptions]>([
    ['saml.unsigned', { shape: 'none' }],
    ['saml.destination', { response: { destination: otherConnection.acsUrl } }],
    ['saml.audience', { assertion: { audiences: [otherConnection.spEntityId] } }],
    ['saml.condition', { assertion: { conditionsExtra: '<Condition/>' } }],
    ['saml.in_response_to', { assertion: { confirmations: [{ inResponseTo: '_another' }] } }],
    ['saml.schema', { response: { version: '1.1' } }],
    ['saml.assertion_count', { assertions: [{}, {}] }],
    [
      'saml.duplicate_id',
      { response: { id: context.assertionId }, assertion: { id: context.assertionId } },
    ],
    ['saml.status', { response: { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' } }],
    ['xmldsig.digest_mismatch', { afterSigning: (xml) => xml.replace('ann@', 'eve@') }],
    ['xmldsig.algorithm', { sign: { assertion: { method: 'rsa-sha1' } } }],
    ['xml.not_well_formed', { afterSigning: (xml) => `${xml}<` }],
    ['xml.doctype', { afterSigning: (xml) => `<!DOCTYPE x>${xml}` }],
  ])('%s: costs no second read', async (code, build) => {
    const { db } = await createContoso()
    const world = doorWorld()
    const browser = world.browser()
    await browser.start()
    const { form } = await answer(await browser.start(), build)
    world.counting.restart()
    expect((await browser.post(form)).status).toBeGreaterThanOrEqual(400)
    expect((await db.select().from(events)).at(-1)?.code).toBe(code)
    const read = world.counting.calls.filter(({ sql }) => sql.some((one) => /^select/i.test(one)))
    expect(read).toEqual([])
    expect((await browser.post((await answer(await browser.start())).form)).status).toBe(303)
  })

  it('xmldsig.algorithm: no more than one that is refused whatever the keys are', async () => {
    const { db } = await createContoso({ keys: [] })
    await pin(connectionId, ['KE'])
    const world = doorWorld()
    const browser = world.browser()
    const { form } = await answer(await browser.start(), {
      sign: { assertion: { method: 'rsa-sha1' } },
    })
    world.counting.restart()
    await browser.post(form)
    expect((await db.select().from(events)).at(-1)?.code).toBe('xmldsig.algorithm')
    expect(world.counting.calls).toHaveLength(1)
  })
})
