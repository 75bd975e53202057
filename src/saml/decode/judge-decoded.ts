import type { Bytes } from '../../kernel/index.ts'
import { attributeOf, parseXmlBytes, type XmlElement } from '../../xml/index.ts'
import { verifyEnveloped } from '../../xmldsig/index.ts'
import { type Check, explainResponse } from '../explain/explain-response.ts'
import type { OpenConnection } from '../open-connection.ts'
import { childOf, samlName, signatureName } from '../read-message.ts'
import type { PendingLogin } from '../request-binding.ts'

/**
 * Holds a pasted response against a connection by the pipeline of every sign-in, but for what only a sign-in can
 * know: which browser asked, who this is in the directory, and what was used before.
 */
export async function judgeDecoded(
  message: Bytes,
  context: {
    readonly open: OpenConnection
    readonly mayDecrypt: boolean
    readonly nowMs: number
  },
): Promise<{ readonly checks: readonly Check[]; readonly decrypted: XmlElement | null }> {
  const { open, mayDecrypt, nowMs } = context
  const { saml } = open
  const isEncrypted = wrapperOf(message) !== null
  const opens = isEncrypted && mayDecrypt && (await isVerified(message, open))
  const asked = statedRequest(message)
  const logins: readonly PendingLogin[] =
    asked === null
      ? []
      : [{ requestId: asked, connectionId: saml.id, startedAtMs: nowMs, forceAuthn: false }]
  const connection = {
    ...saml,
    status: 'testing' as const,
    allowIdpInitiated: true,
    decryptKeys: opens ? saml.decryptKeys : [],
  }
  const explained = await explainResponse(
    { message, relayState: null },
    { connection, logins, nowMs },
  )
  return {
    checks: explained.checks.map((check) =>
      unknowable(check, { isSealed: isEncrypted && !opens, mayDecrypt, asked }),
    ),
    decrypted: isEncrypted ? explained.seen.assertionRoot : null,
  }
}

function unknowable(
  check: Check,
  known: {
    readonly isSealed: boolean
    readonly mayDecrypt: boolean
    readonly asked: string | null
  },
): Check {
  const notJudged = (evidence: Check['evidence']): Check => ({
    id: check.id,
    state: 'not_judged',
    code: null,
    evidence,
  })
  if (check.id === 'decryption' && known.isSealed && check.state === 'fail') {
    const why = known.mayDecrypt
      ? 'opened only inside a response whose signature a trusted certificate verifies'
      : 'opened for operators only'
    return notJudged({ why })
  }
  if (check.id === 'request' && check.state === 'pass') {
    return notJudged({
      answers: known.asked ?? 'no request',
      why: 'only the browser that asked can tell',
    })
  }
  return check
}

/** Whether the Response itself carries a signature that a pinned key made. */
async function isVerified(message: Bytes, { saml }: OpenConnection): Promise<boolean> {
  const root = rootOf(message)
  if (root === null || childOf(root, signatureName) === null) return false
  return (await verifyEnveloped({ root, element: root, keys: saml.keys })).ok
}

function rootOf(message: Bytes): XmlElement | null {
  const document = parseXmlBytes(message)
  return document.ok ? document.value.root : null
}

function wrapperOf(message: Bytes): XmlElement | null {
  const root = rootOf(message)
  return root === null ? null : childOf(root, samlName('EncryptedAssertion'))
}

/** The request that the message says it answers: taken at its word, since no browser is here to ask. */
function statedRequest(message: Bytes): string | null {
  const root = rootOf(message)
  if (root === null) return null
  const outer = attributeOf(root, 'InResponseTo')
  if (outer !== null) return outer
  let place: XmlElement | null = root
  for (const name of ['Assertion', 'Subject', 'SubjectConfirmation', 'SubjectConfirmationData']) {
    place = place === null ? null : childOf(place, samlName(name))
  }
  return place === null ? null : attributeOf(place, 'InResponseTo')
}
