import type { Result } from '../../kernel/index.ts'
import type { XmlElement } from '../../xml/index.ts'
import { type DsigFailure, verifyEnveloped } from '../../xmldsig/index.ts'
import { evidenceOf } from '../evidence.ts'
import type { OpenConnection } from '../open-connection.ts'
import { childrenOf, samlName, signatureName } from '../read-message.ts'
import { readRedirectMessage } from '../redirect-binding.ts'
import type { Carrier } from './recognize.ts'

/** One signature of a document, and whether a certificate of the connection made it. */
export type SignatureShown = {
  /** What it is on: an element, or the query. */
  readonly of: string
  readonly result: 'verified' | 'not_verified' | 'absent' | 'not_checked'
  /** SHA-256 of the certificate that verifies it. */
  readonly certificate: string | null
  readonly code: string | null
  readonly evidence: Readonly<Record<string, string>>
}

/**
 * Every place of a document where a signature may stand, and what it is worth against the pinned certificates of a
 * connection. Without one there is nothing to verify by: a certificate inside a message proves nothing.
 */
export async function readSignatures(
  root: XmlElement,
  from: {
    readonly query: string | null
    readonly carrier: Carrier
    readonly open: OpenConnection | null
  },
): Promise<readonly SignatureShown[]> {
  const { query, carrier, open } = from
  const places = [root, ...childrenOf(root, samlName('Assertion')).slice(0, 4)]
  const enveloped = await Promise.all(places.map((element) => readEnveloped(root, element, open)))
  return query !== null && carrier === 'redirect'
    ? [await readQuery(query, open), ...enveloped.filter(({ result }) => result !== 'absent')]
    : enveloped
}

async function readEnveloped(
  root: XmlElement,
  element: XmlElement,
  open: OpenConnection | null,
): Promise<SignatureShown> {
  const shown = { of: element.local, certificate: null, code: null, evidence: {} }
  if (childrenOf(element, signatureName).length === 0) return { ...shown, result: 'absent' }
  if (open === null) return { ...shown, result: 'not_checked' }
  const verified = await verifyEnveloped({ root, element, keys: open.saml.keys })
  return verified.ok
    ? { ...shown, result: 'verified', certificate: verified.value.keyId }
    : { ...shown, ...failed(verified) }
}

async function readQuery(query: string, open: OpenConnection | null): Promise<SignatureShown> {
  const shown = { of: 'query', certificate: null, code: null, evidence: {} }
  if (open === null) {
    return { ...shown, result: /(?:^|&)Signature=/.test(query) ? 'not_checked' : 'absent' }
  }
  const read = await readRedirectMessage(query, { keys: open.saml.keys })
  if (!read.ok) return { ...shown, ...failed(read) }
  const { signature } = read.value
  return signature === 'absent'
    ? { ...shown, result: 'absent' }
    : { ...shown, result: 'verified', certificate: signature.keyId }
}

function failed({
  failure,
}: Extract<Result<never, { readonly code: string } | DsigFailure>, { ok: false }>) {
  return { result: 'not_verified', code: failure.code, evidence: evidenceOf(failure) } as const
}
