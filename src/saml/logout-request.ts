import { err, limits, ok, type Result, toIso } from '../kernel/index.ts'
import { attributeOf, buildXml, type XmlElement } from '../xml/index.ts'
import { messageTime } from './authn-request.ts'
import { skewMs } from './connection.ts'
import {
  type LogoutContext,
  type LogoutFailure,
  type LogoutMessage,
  readLogoutMessage,
} from './logout-message.ts'
import { logoutRequestRule } from './logout-schema.ts'
import { samlNamespaces } from './namespaces.ts'
import { childOf, childrenOf, protocolName, readTime, samlName, textOf } from './read-message.ts'

/** A NameID with all that makes it one name and not another. */
export type LogoutNameId = {
  readonly value: string
  readonly format: string | null
  readonly nameQualifier: string | null
  readonly spNameQualifier: string | null
}

export type LogoutRequest = {
  readonly id: string
  readonly nameId: LogoutNameId
  /** Which sessions; none in a signed request means all of the person. Never empty in an unsigned one. */
  readonly sessionIndexes: readonly string[]
  /** The key that signed the request. Null: only sessions with exactly these indexes may end. */
  readonly signedBy: string | null
  /** Until when a repeat of this id must be recognized, in milliseconds since the epoch. */
  readonly expiresAtMs: number
}

/**
 * Reads an identity provider's request to end sessions (SAML Core 3.7.1). Entra sends it unsigned, by GET,
 * to everybody who holds a session: it then needs the right issuer and destination, a fresh IssueInstant
 * and a SessionIndex, which nobody outside knows (DESIGN 2.2). Repeats are for the caller to recognize.
 * @returns the request; `saml.*`, `xml.*` or `xmldsig.*`, whereupon no session is touched
 */
export async function readLogoutRequest(
  bytes: Uint8Array,
  context: LogoutContext,
): Promise<Result<LogoutRequest, LogoutFailure>> {
  const message = await readLogoutMessage(bytes, context, {
    rule: logoutRequestRule,
    issuers: [context.connection.idp.entityId],
    isDestinationRequired: true,
  })
  if (!message.ok) return message
  const { root, id, signedBy, freshUntilMs } = message.value
  const expiresAtMs = readExpiry(message.value, context)
  if (!expiresAtMs.ok) return expiresAtMs
  const nameId = readNameId(root)
  if (!nameId.ok) return nameId
  const sessionIndexes = readSessionIndexes(root)
  if (!sessionIndexes.ok) return sessionIndexes
  // Without a signature the index is the only secret that the sender has shown to know.
  if (signedBy === null && sessionIndexes.value.length === 0) return err({ code: 'saml.unsigned' })
  return ok({
    id,
    nameId: nameId.value,
    sessionIndexes: sessionIndexes.value,
    signedBy,
    expiresAtMs: Math.min(freshUntilMs, expiresAtMs.value),
  })
}

/** The moment from which the request is void by its own word; equality is too late (SAML Core 3.7.1). */
function readExpiry(
  { root }: LogoutMessage,
  { connection, nowMs }: LogoutContext,
): Result<number, LogoutFailure> {
  const notOnOrAfter = readTime(root, 'NotOnOrAfter')
  if (!notOnOrAfter.ok) return notOnOrAfter
  if (notOnOrAfter.value === null) return ok(Number.POSITIVE_INFINITY)
  const expiresAtMs = notOnOrAfter.value + skewMs(connection)
  if (nowMs < expiresAtMs) return ok(expiresAtMs)
  const expected = `after ${toIso(nowMs)}`
  const got = toIso(notOnOrAfter.value)
  return err({ code: 'saml.expired', of: `${root.local}/@NotOnOrAfter`, expected, got })
}

function readNameId(root: XmlElement): Result<LogoutNameId, LogoutFailure> {
  const element = childOf(root, samlName('NameID'))
  if (element === null) return err({ code: 'saml.name_id', reason: 'absent', got: null })
  const value = textOf(element)
  const reason =
    value === '' ? 'empty' : value.length > limits.samlIdentifierLength ? 'too_long' : null
  if (reason !== null) {
    return err({ code: 'saml.name_id', reason, got: value.slice(0, limits.evidenceLength) })
  }
  return ok({
    value,
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  })
}

function readSessionIndexes(root: XmlElement): Result<readonly string[], LogoutFailure> {
  const indexes = childrenOf(root, protocolName('SessionIndex')).map(textOf)
  if (indexes.length > limits.sessionIndexes) {
    return err({ code: 'saml.limit', of: 'SessionIndex', max: limits.sessionIndexes })
  }
  const isUnusable = (index: string) => index === '' || index.length > limits.samlIdentifierLength
  const unusable = indexes.find(isUnusable)
  if (unusable === undefined) return ok(indexes)
  const got = unusable.slice(0, limits.evidenceLength)
  return err({ code: 'saml.schema', element: 'SessionIndex', defect: 'text', got })
}

export type OutgoingLogoutRequest = {
  readonly id: string
  readonly issueInstantMs: number
  readonly destination: string
  /** Our entityID for the connection. */
  readonly issuer: string
  /** As the sign-in stated it. */
  readonly nameId: LogoutNameId
  readonly sessionIndexes: readonly string[]
}

/** Our request to end the person's session at the identity provider (SAML Core 3.7.1). */
export function buildLogoutRequest(request: OutgoingLogoutRequest): string {
  const { nameId, sessionIndexes } = request
  return buildXml({
    name: 'samlp:LogoutRequest',
    attributes: {
      'xmlns:samlp': samlNamespaces.protocol,
      'xmlns:saml': samlNamespaces.assertion,
      ID: request.id,
      Version: '2.0',
      IssueInstant: messageTime(request.issueInstantMs),
      Destination: request.destination,
    },
    children: [
      { name: 'saml:Issuer', children: [request.issuer] },
      {
        name: 'saml:NameID',
        attributes: {
          Format: nameId.format ?? undefined,
          NameQualifier: nameId.nameQualifier ?? undefined,
          SPNameQualifier: nameId.spNameQualifier ?? undefined,
        },
        children: [nameId.value],
      },
      ...sessionIndexes.map((index) => ({ name: 'samlp:SessionIndex', children: [index] })),
    ],
  })
}
