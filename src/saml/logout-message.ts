import { err, limits, ok, type Result, toIso } from '../kernel/index.ts'
import { attributeOf, parseXmlBytes, type XmlElement, type XmlFailure } from '../xml/index.ts'
import { type DsigFailure, verifyEnveloped } from '../xmldsig/index.ts'
import { checkCertificateDates } from './certificate-dates.ts'
import { type SamlConnection, skewMs } from './connection.ts'
import { childOf, readIssuer, readTime, signatureName } from './read-message.ts'
import type { MessageSignature } from './redirect-binding.ts'
import type {
  ConnectionFailure,
  PersonFailure,
  ProtocolFailure,
  StructureFailure,
} from './response-failure.ts'
import { checkSchema } from './schema.ts'
import type { ElementRule } from './schema-rule.ts'

export type LogoutFailure =
  | StructureFailure
  | ProtocolFailure
  | PersonFailure
  | ConnectionFailure
  | XmlFailure
  | DsigFailure

/** What a logout message is judged by. */
export type LogoutContext = {
  readonly connection: SamlConnection
  readonly nowMs: number
  /** What the binding said of the message as a whole: a signed query, or nothing. */
  readonly signature: MessageSignature
  /** Our SLO URL, exactly. */
  readonly destination: string
}

/** The parts that requests and responses share (SAML Core 3.2), judged. */
export type LogoutMessage = {
  /** As it was signed, when it holds a signature of its own. */
  readonly root: XmlElement
  readonly id: string
  /** The key that signed it, by the binding or inside; null when nobody did. */
  readonly signedBy: string | null
  /** The last moment at which this message is fresh: until then a repeat must be recognized. */
  readonly freshUntilMs: number
}

/** What one kind of message asks beyond what all of them do. */
type Expected = {
  readonly rule: ElementRule
  readonly issuers: readonly string[]
  readonly isDestinationRequired: boolean
}

/**
 * Reads a logout message: schema, every signature it carries, issuer, destination, age. A signature that is
 * present must verify, wherever it stands; whether one is needed is for the caller to say.
 */
export async function readLogoutMessage(
  bytes: Uint8Array,
  context: LogoutContext,
  expected: Expected,
): Promise<Result<LogoutMessage, LogoutFailure>> {
  if (bytes.length > limits.samlMessageBytes) {
    return err({ code: 'saml.limit', of: 'message', max: limits.samlMessageBytes })
  }
  const document = parseXmlBytes(bytes)
  if (!document.ok) return document
  const misshapen = checkSchema(document.value.root, expected.rule)
  if (misshapen !== null) return err(misshapen)
  const verified = await verifySignatures(document.value.root, context)
  if (!verified.ok) return verified
  const { root, signedBy } = verified.value

  const misdirected =
    checkIssuer(root, expected.issuers) ??
    checkDestination(root, context.destination, expected.isDestinationRequired)
  if (misdirected !== null) return err(misdirected)
  const issueInstant = readTime(root, 'IssueInstant')
  if (!issueInstant.ok) return issueInstant
  const issueInstantMs = issueInstant.value ?? 0
  const skew = skewMs(context.connection)
  const freshUntilMs = issueInstantMs + limits.responseAgeMs + skew
  if (issueInstantMs > context.nowMs + skew || context.nowMs > freshUntilMs) {
    const expectedTime = `about ${toIso(context.nowMs)}`
    const got = attributeOf(root, 'IssueInstant')
    return err({ code: 'saml.issue_instant', of: root.local, expected: expectedTime, got })
  }
  return ok({ root, id: attributeOf(root, 'ID') ?? '', signedBy, freshUntilMs })
}

async function verifySignatures(
  root: XmlElement,
  context: LogoutContext,
): Promise<Result<{ root: XmlElement; signedBy: string | null }, LogoutFailure>> {
  const { connection, nowMs, signature } = context
  const byBinding = signature === 'absent' ? null : signature.keyId
  const expired = byBinding === null ? null : checkSigner(byBinding, connection, nowMs)
  if (expired !== null) return err(expired)
  if (childOf(root, signatureName) === null) return ok({ root, signedBy: byBinding })
  const signed = await verifyEnveloped({ root, element: root, keys: connection.keys })
  if (!signed.ok) return signed
  const late = checkSigner(signed.value.keyId, connection, nowMs)
  return late === null ? ok({ root: signed.value.root, signedBy: signed.value.keyId }) : err(late)
}

/** The certificate that signed, by its dates; one that the connection does not hold signed nothing. */
function checkSigner(
  keyId: string,
  { keys }: SamlConnection,
  nowMs: number,
): ConnectionFailure | null {
  const signer = keys.find(({ id }) => id === keyId)
  return signer === undefined
    ? { code: 'saml.connection_unusable', reason: 'no_keys' }
    : checkCertificateDates([signer], nowMs)
}

const entityFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'

function checkIssuer(root: XmlElement, issuers: readonly string[]): LogoutFailure | null {
  const issuer = readIssuer(root)
  const format = issuer?.format ?? entityFormat
  if (issuer !== null && format === entityFormat && issuers.includes(issuer.value)) return null
  const got = issuer?.value ?? null
  return { code: 'saml.issuer', of: root.local, expected: issuers.join(' '), got }
}

function checkDestination(
  root: XmlElement,
  expected: string,
  isRequired: boolean,
): LogoutFailure | null {
  const got = attributeOf(root, 'Destination')
  if (got === expected || (got === null && !isRequired)) return null
  return { code: 'saml.destination', of: root.local, expected, got }
}
