import type { Facts } from './facts.ts'
import type { Issuer } from './read-message.ts'
import type { ProtocolFailure } from './response-failure.ts'

/** Exactly this ACS, every character; a signed Response has to name it (row P03). */
export function checkDestination({ fields, connection }: Facts): ProtocolFailure | null {
  const expected = connection.sp.acsUrl
  const refuse = (got: string | null): ProtocolFailure => ({
    code: 'saml.destination',
    of: 'Response',
    expected,
    got,
  })
  if (fields.isSigned) {
    return fields.destination === expected ? null : refuse(fields.destination)
  }
  return fields.destination.contradicts(expected) ? refuse(fields.destination.evidence) : null
}

const entityFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'

/**
 * Exactly the provider that the path chose (row P04): the assertion has to name it, and the Response, where
 * it names one, no other.
 */
export function checkIssuers({ fields, assertion, connection }: Facts): ProtocolFailure | null {
  const expected = connection.idp.entityId
  const isExpected = ({ value, format }: Issuer) =>
    value === expected && (format === null || format === entityFormat)
  const refuse = (of: string, got: string | null): ProtocolFailure => ({
    code: isPlaceholder(got) ? 'saml.tenant_mismatch' : 'saml.issuer',
    of,
    expected,
    got,
  })
  const { issuer } = assertion
  if (issuer === null || !isExpected(issuer)) return refuse('Assertion', issuer?.value ?? null)
  if (fields.isSigned) {
    const outer = fields.issuer
    return outer === null || isExpected(outer) ? null : refuse('Response', outer.value)
  }
  const isRefused =
    fields.issuer.contradicts(expected) || fields.issuerFormat.contradicts(entityFormat)
  return isRefused ? refuse('Response', fields.issuer.evidence) : null
}

const placeholder = /^https:\/\/[^/]+\/(?:\{tenant(?:id)?\}|common)(?:\/|$)/

/** The issuer in Entra's metadata for no tenant in particular, taken literally (row M06). */
function isPlaceholder(issuer: string | null): boolean {
  return issuer !== null && placeholder.test(issuer)
}

/** Each AudienceRestriction has to name us; in one, any Audience will do: AND across, OR inside (row P05). */
export function checkAudience({ assertion, connection }: Facts): ProtocolFailure | null {
  const { entityId } = connection.sp
  const accepted = connection.acceptSpnAudience ? [entityId, `spn:${entityId}`] : [entityId]
  const restrictions = assertion.conditions?.audiences ?? []
  const refusing = restrictions.find((audiences) => !audiences.some((a) => accepted.includes(a)))
  if (refusing === undefined && restrictions.length > 0) return null
  return { code: 'saml.audience', of: 'Assertion', expected: entityId, got: refusing ?? null }
}
