import {
  type App,
  activeCertificate,
  type Group,
  isAssigned,
  listAssignments,
  rolesOf,
  type Sql,
  transitiveGroups,
  type User,
} from '../directory/index.ts'
import { readCertificate, samlId } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { TokenEncryption } from '../xml/index.ts'
import type { Refusal } from './aadsts.ts'
import {
  contextClassOf,
  contextLabel,
  isRequestedContextMet,
  methodLabel,
} from './authn-context.ts'
import { claimsOf } from './claims.ts'
import { issuerOf } from './idp-urls.ts'
import { type NameId, nameIdOf } from './name-id.ts'
import { buildResponse, type Protection, type ResponseContent } from './response.ts'

/** A sign-in that is to be answered with an assertion. */
export type IssueRequest = {
  readonly app: App
  readonly user: User
  readonly method: User['authentication']
  readonly authnInstantMs: number
  readonly acsUrl: string
  /** What the application called itself; its first identifier when nobody asked. */
  readonly audience: string | null
  readonly inResponseTo: string | null
  readonly nameIdFormat: string | null
  readonly requestedContexts: readonly string[]
  readonly forceAuthn: boolean
  /** Tests change what is said before it is signed. */
  readonly change?: (content: ResponseContent) => ResponseContent
  /** Tests change how it is protected. */
  readonly protect?: (protection: Protection) => Protection
}

export type Issued = {
  readonly xml: string
  readonly nameId: NameId
  readonly sessionIndex: string
}

/**
 * Makes an answer for somebody who has signed in, or says why not: disabled, not assigned, signed in
 * another way than was asked for, no name to give, no key to sign with.
 */
export async function issueAssertion(
  sql: Sql,
  request: IssueRequest,
  nowMs: number,
): Promise<Result<Issued, Refusal>> {
  const { app, user } = request
  const refusal = checkAccess(sql, request)
  if (refusal !== null) return err(refusal)
  const nameId = await nameIdOf(app, user, request.nameIdFormat)
  if (!nameId.ok) return nameId
  const certificate = activeCertificate(sql, app.appId, nowMs)
  if (certificate === null) return err({ code: '50003' })
  const assertionId = samlId()
  const skewMs = app.clockSkewSeconds * 1000
  const saidMs = nowMs + skewMs
  const content: ResponseContent = {
    responseId: samlId(),
    assertionId,
    issuer: issuerOf(app),
    destination: request.acsUrl,
    recipient: request.acsUrl,
    audience: audienceOf(request.audience ?? app.identifiers[0] ?? app.appId),
    inResponseTo: request.inResponseTo,
    issueInstantMs: saidMs,
    notBeforeMs: saidMs - 5 * 60_000,
    notOnOrAfterMs: saidMs + 60 * 60_000,
    authnInstantMs: request.authnInstantMs + skewMs,
    sessionIndex: assertionId,
    nameId: nameId.value,
    attributes: claimsOf({
      app,
      user,
      method: request.method,
      groups: groupsFor(sql, app, user),
      roles: rolesOf(sql, app, user.id),
    }),
    contextClass: contextClassOf(request.method, request.requestedContexts),
  }
  const protection: Protection = {
    signer: { algorithm: app.signingAlgorithm, ...certificate },
    signs: app.signingOption,
    encryption: encryptionOf(app),
  }
  const said = request.change?.(content) ?? content
  const xml = await buildResponse(said, request.protect?.(protection) ?? protection)
  return ok({ xml, nameId: said.nameId, sessionIndex: said.sessionIndex })
}

function checkAccess(sql: Sql, request: IssueRequest): Refusal | null {
  const { app, user, method, requestedContexts } = request
  if (!user.accountEnabled) return { code: '50057' }
  if (app.assignmentRequired && !isAssigned(sql, app.appId, user.id)) {
    const account = user.homeSignInName ?? user.userPrincipalName
    return { code: '50105', account, app: app.displayName, appId: app.appId }
  }
  if (isRequestedContextMet(method, request)) return null
  const requested = requestedContexts.map(contextLabel).join(', ')
  return { code: '75011', used: methodLabel(method), requested, app: app.displayName }
}

/** Entra puts `spn:` before the name of an application that is not a URI. */
function audienceOf(identifier: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(identifier) ? identifier : `spn:${identifier}`
}

/** All groups, nested ones included, or only those that the application is assigned to, without nesting. */
function groupsFor(sql: Sql, app: App, user: User): readonly Group[] {
  if (app.groupClaims === 'none') return []
  const all = transitiveGroups(sql, user.id)
  if (app.groupClaims === 'all') return all
  const assigned = new Set(listAssignments(sql, app.appId).map(({ principalId }) => principalId))
  return all.filter(({ id }) => assigned.has(id))
}

/** Whom the tokens of an application are encrypted for; null when they are not. */
export function encryptionOf(app: App): TokenEncryption | null {
  const chosen = app.encryptionCertificates.find(({ keyId }) => keyId === app.tokenEncryptionKeyId)
  const certificate = chosen === undefined ? null : readCertificate(chosen.certificate)
  if (certificate === null || !certificate.ok) return null
  return {
    certificate: certificate.value,
    content: app.encryptionContent,
    transport: app.encryptionTransport,
  }
}
