import { err, limits, ok, parseUtcTime, type Result } from '../../kernel/index.ts'
import {
  attributeOf,
  metadataPolicy,
  parseXmlBytes,
  protocolPolicy,
  type XmlElement,
  type XmlFailure,
} from '../../xml/index.ts'
import type { Check } from '../explain/explain-response.ts'
import { samlNamespaces } from '../namespaces.ts'
import type { OpenConnection } from '../open-connection.ts'
import { judgeDecoded } from './judge-decoded.ts'
import { metadataParts } from './metadata-parts.ts'
import { type Expected, type Part, readParts } from './parts.ts'
import { prettyXml } from './pretty-xml.ts'
import type { Carrier, Recognized } from './recognize.ts'
import { readSignatures, type SignatureShown } from './signatures.ts'

const { assertion, metadata, protocol } = samlNamespaces

/** What kinds of documents are told apart, by namespace and name of the root. */
const kinds: readonly (readonly [kind: SamlKind, uri: string, local: string])[] = [
  ['response', protocol, 'Response'],
  ['authn_request', protocol, 'AuthnRequest'],
  ['logout_request', protocol, 'LogoutRequest'],
  ['logout_response', protocol, 'LogoutResponse'],
  ['assertion', assertion, 'Assertion'],
  ['metadata', metadata, 'EntityDescriptor'],
]

export type SamlKind =
  | 'response'
  | 'authn_request'
  | 'logout_request'
  | 'logout_response'
  | 'assertion'
  | 'metadata'
  | 'xml'

/** At which moment times are judged: a pasted message is old, and its own moment is the fair one. */
export type JudgedAt = 'issued' | 'now'

export type DecodedSaml = {
  readonly kind: SamlKind
  readonly carrier: Carrier
  readonly xml: string
  /** What the encrypted assertion says; null unless it was decrypted. */
  readonly decryptedXml: string | null
  readonly parts: readonly Part[]
  readonly signatures: readonly SignatureShown[]
  /** Of a response held against a connection. */
  readonly checks: readonly Check[] | null
  readonly judgedAtMs: number
  readonly judgedAt: JudgedAt
}

export type DecodeContext = {
  /** Of the organization that asks; null when there is nothing to hold it against. */
  readonly open: OpenConnection | null
  /** Whether an encrypted assertion may be opened, and then only inside a response whose signature verifies. */
  readonly mayDecrypt: boolean
  readonly judgedAt: JudgedAt
  readonly nowMs: number
  /** Whether addresses on this machine are addresses: only while Portico is on one. */
  readonly allowLoopback: boolean
}

export type DecodeFailure =
  | XmlFailure
  | { readonly code: 'saml.body_too_large'; readonly maxBytes: number }

/**
 * Decodes and explains a SAML document. Nothing is used up, stored or asked for: pure but for WebCrypto. Nothing of
 * it is believed beyond what `signatures` and `checks` say.
 */
export async function decodeSaml(
  recognized: Extract<Recognized, { kind: 'xml' }>,
  context: DecodeContext,
): Promise<Result<DecodedSaml, DecodeFailure>> {
  const { bytes, carrier } = recognized
  const isLarge = bytes.length > limits.samlMessageBytes
  // Only metadata may be large, or hold comments; what it is, is only known once it is read.
  const document = isLarge
    ? parseXmlBytes(bytes, metadataPolicy)
    : anyOf(parseXmlBytes(bytes, protocolPolicy), () => parseXmlBytes(bytes, metadataPolicy))
  if (!document.ok) return document
  const { root } = document.value
  const kind = kindOf(root)
  if (isLarge && kind !== 'metadata') {
    return err({ code: 'saml.body_too_large', maxBytes: limits.samlMessageBytes })
  }
  const issuedMs = parseUtcTime(attributeOf(root, 'IssueInstant') ?? '')
  const judgedAt = issuedMs === null ? 'now' : context.judgedAt
  const judgedAtMs = judgedAt === 'issued' ? (issuedMs ?? context.nowMs) : context.nowMs
  const { open } = context
  const judged =
    kind === 'response' && open !== null
      ? await judgeDecoded(bytes, { open, mayDecrypt: context.mayDecrypt, nowMs: judgedAtMs })
      : null
  return ok({
    kind,
    carrier,
    xml: prettyXml(root),
    decryptedXml: judged?.decrypted == null ? null : prettyXml(judged.decrypted),
    parts: [
      ...readParts(root, open === null ? null : expectedOf(open)),
      ...(kind === 'metadata' ? await metadataParts(bytes, context) : []),
    ],
    signatures: await readSignatures(root, { query: recognized.query, carrier, open }),
    checks: judged?.checks ?? null,
    judgedAtMs,
    judgedAt,
  })
}

function anyOf<T, F>(first: Result<T, F>, second: () => Result<T, F>): Result<T, F> {
  if (first.ok) return first
  const other = second()
  // A message is told what a message may not hold.
  return other.ok ? other : first
}

function kindOf(root: XmlElement): SamlKind {
  return kinds.find(([, uri, local]) => root.uri === uri && root.local === local)?.[0] ?? 'xml'
}

function expectedOf({ record: { connection }, urls }: OpenConnection): Expected {
  return {
    entityId: urls.entityId,
    acsUrl: urls.acsUrl,
    sloUrl: urls.sloUrl,
    idpEntityId: connection.idpEntityId,
    ssoUrl: connection.ssoUrl,
    idpSloUrl: connection.sloUrl,
  }
}
