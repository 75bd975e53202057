import { parseUtcTime, toIso } from '../../kernel/index.ts'
import { attributeOf, type XmlElement } from '../../xml/index.ts'
import { skewMs } from '../connection.ts'
import type { Identity } from '../identity.ts'
import { samlNamespaces } from '../namespaces.ts'
import { childOf, signatureName } from '../read-message.ts'
import type { ResponseContext } from '../receive-response.ts'
import type { CheckId } from './check-table.ts'
import type { Seen } from './explain-response.ts'

/** Names and values for people to read. */
export type Evidence = Readonly<Record<string, string>>

type ByCheck = Readonly<Partial<Record<CheckId, Evidence>>>

/** What each check had before it, said plainly; unsigned statements are called so. */
export function evidenceByCheck(
  seen: Seen,
  context: ResponseContext & { readonly identity: Identity | null },
): ByCheck {
  return {
    form: { size: `${seen.bytes} bytes of XML` },
    ...ofConnection(context),
    ...ofMessage(seen),
    ...ofSignature(seen, context),
    ...ofTimes(seen, context),
    ...ofAddress(seen, context),
    ...ofPerson(seen),
    ...ofIdentity(context.identity),
  }
}

function ofConnection({ connection }: ResponseContext): ByCheck {
  return {
    connection: {
      version: String(connection.version),
      'trusted certificates': String(connection.keys.length),
    },
  }
}

function ofMessage({ unverified }: Seen): ByCheck {
  if (unverified === null) return {}
  const { content, hasSignature, id, status } = unverified
  const isAssertionSigned = content.kind === 'plain' && content.hasSignature
  return {
    structure: {
      response: id,
      assertion: { plain: 'one', encrypted: 'one, encrypted', none: 'none' }[content.kind],
      signed: hasSignature
        ? isAssertionSigned
          ? 'Response and Assertion'
          : 'Response'
        : isAssertionSigned
          ? 'Assertion'
          : content.kind === 'encrypted'
            ? 'at most the encrypted Assertion'
            : 'nothing',
    },
    status: {
      status: status.codes.join(' | ') || 'none',
      ...(status.message === null ? {} : { message: status.message }),
    },
    ...(content.kind === 'encrypted' ? { decryption: ofEncryption(content.wrapper) } : {}),
  }
}

function ofEncryption(wrapper: XmlElement): Evidence {
  const { encryption } = samlNamespaces
  const data = childOf(wrapper, { uri: encryption, local: 'EncryptedData' })
  const method = data && childOf(data, { uri: encryption, local: 'EncryptionMethod' })
  return { content: (method && attributeOf(method, 'Algorithm')) ?? 'not stated' }
}

function ofSignature(
  { unverified, keyIds }: Seen,
  { connection, nowMs }: ResponseContext,
): ByCheck {
  if (unverified === null || keyIds.length === 0) return {}
  const { root, content } = unverified
  const signed = [
    childOf(root, signatureName),
    content.kind === 'plain' ? childOf(content.assertion, signatureName) : null,
  ]
  const algorithms = signed.flatMap((signature) =>
    signature === null ? [] : algorithmOf(signature),
  )
  const keys = connection.keys.filter(({ id }) => keyIds.includes(id))
  return {
    signature: {
      'certificate (SHA-256)': keyIds.join(' | '),
      algorithm: [...new Set(algorithms)].join(' | ') || 'inside the encrypted Assertion',
    },
    certificate: Object.fromEntries(
      keys.flatMap(({ id, notBeforeMs, notAfterMs }) => {
        const days = Math.floor((notAfterMs - nowMs) / (24 * 60 * 60 * 1000))
        return [
          [id.slice(0, 16), `${toIso(notBeforeMs)} to ${toIso(notAfterMs)}, ${days} days left`],
        ]
      }),
    ),
  }
}

function algorithmOf(signature: XmlElement): readonly string[] {
  const name = (local: string) => ({ uri: samlNamespaces.signature, local })
  const info = childOf(signature, name('SignedInfo'))
  const method = info && childOf(info, name('SignatureMethod'))
  return (method && [attributeOf(method, 'Algorithm') ?? '']) ?? []
}

function ofTimes({ fields, assertion }: Seen, { connection, nowMs }: ResponseContext): ByCheck {
  if (assertion === null || fields === null) return {}
  const time = (ms: number | null) =>
    ms === null ? 'not stated' : `${toIso(ms)} (${distance(ms - nowMs)})`
  const stated = (text: string | null) => (text === null ? 'not stated' : time(parseUtcTime(text)))
  const { conditions, authnStatements } = assertion
  const [authn] = authnStatements
  const now = { now: toIso(nowMs), 'skew allowed': `${skewMs(connection) / 1000} s` }
  return {
    issued: {
      ...(fields.isSigned
        ? { Response: stated(fields.issueInstant) }
        : { 'Response (not signed)': stated(fields.issueInstant.evidence) }),
      Assertion: stated(assertion.issueInstant),
      ...now,
    },
    validity: {
      NotBefore: time(conditions?.notBeforeMs ?? null),
      NotOnOrAfter: time(conditions?.notOnOrAfterMs ?? null),
      ...now,
    },
    ...(authn === undefined
      ? {}
      : {
          authentication: {
            AuthnInstant: time(authn.instantMs),
            context: authn.contextClass ?? 'not stated',
            SessionIndex: authn.sessionIndex ?? 'not stated',
          },
        }),
  }
}

/** How far a time is from now, in seconds: what a wrong clock looks like. */
function distance(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  return ms < 0 ? `${seconds} s ago` : `in ${seconds} s`
}

function ofAddress({ fields, assertion }: Seen, { connection, logins }: ResponseContext): ByCheck {
  if (assertion === null || fields === null) return {}
  const { acsUrl, entityId } = connection.sp
  const unsigned = fields.isSigned ? '' : ' (not signed)'
  const destination = fields.isSigned ? fields.destination : fields.destination.evidence
  const outer = fields.isSigned ? (fields.issuer?.value ?? null) : fields.issuer.evidence
  const answers = fields.isSigned ? fields.inResponseTo : fields.inResponseTo.evidence
  const audiences = (assertion.conditions?.audiences ?? []).map((list) => list.join(' or '))
  const recipients = assertion.confirmations.map(({ data }) => data?.recipient ?? 'none')
  const requests = assertion.confirmations.map(({ data }) => data?.inResponseTo ?? 'none')
  const [ends] = assertion.confirmations.map(({ data }) => data?.notOnOrAfterMs ?? null)
  return {
    destination: { expected: acsUrl, [`Destination${unsigned}`]: destination ?? 'none' },
    issuer: {
      expected: connection.idp.entityId,
      Assertion: assertion.issuer?.value ?? 'none',
      [`Response${unsigned}`]: outer ?? 'none',
    },
    audience: { expected: entityId, Audience: audiences.join(' and ') || 'none' },
    recipient: {
      expected: acsUrl,
      Recipient: recipients.join(' | ') || 'none',
      NotOnOrAfter: ends === null || ends === undefined ? 'none' : toIso(ends),
    },
    request: {
      expected: logins.map(({ requestId }) => requestId).join(' | ') || 'none',
      SubjectConfirmationData: requests.join(' | ') || 'none',
      [`Response${unsigned}`]: answers ?? 'none',
    },
    conditions: { 'not understood': assertion.conditions?.unknown.join(' | ') || 'none' },
  }
}

function ofPerson({ assertion, claims }: Seen): ByCheck {
  if (assertion === null) return {}
  const { nameId } = assertion
  return {
    times: { times: 'all in UTC' },
    name_id: {
      NameID: nameId?.value ?? 'none',
      Format: nameId?.format ?? 'not stated',
    },
    ...(claims === null ? {} : { claims: { claims: String(claims.all.length) } }),
  }
}

function ofIdentity(identity: Identity | null): ByCheck {
  if (identity === null) return {}
  const { objectId, tenantId, key, isGuest } = identity
  const known = objectId === null ? { 'known by': key } : { 'object id': objectId }
  return {
    identity: {
      ...known,
      ...(tenantId === null ? {} : { tenant: tenantId }),
      guest: isGuest ? 'yes' : 'no',
    },
  }
}
