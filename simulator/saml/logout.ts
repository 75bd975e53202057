import { type App, type Participant, tenant } from '../directory/index.ts'
import { samlId } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import { childElements, element, ns, text, textOf } from '../xml/index.ts'
import type { Refusal } from './aadsts.ts'
import { readHead, readIssuer } from './authn-request.ts'
import type { RequestContext } from './check-authn-request.ts'
import { isOwnDestination } from './idp-urls.ts'
import type { ReceivedMessage } from './receive.ts'
import { instant } from './response.ts'
import { checkSignature } from './signed-request.ts'

/** A service provider's wish to sign out. */
export type CheckedLogout = {
  readonly id: string
  readonly app: App
  readonly nameId: string | null
}

/**
 * Checks a LogoutRequest. By Redirect only; unsigned is fine; a signature that is there must verify once
 * the application has a certificate for it.
 */
export async function checkLogoutRequest(
  message: ReceivedMessage,
  context: RequestContext,
): Promise<Result<CheckedLogout, Refusal>> {
  const { root, binding, querySignature } = message
  if (binding === 'post') return err({ code: '75005', detail: 'Sign-out is by Redirect only.' })
  const head = readHead(root)
  if (!head.ok) return head
  const issuer = readIssuer(root)
  if (!issuer.ok) return err({ code: '50061' })
  const destination = root.getAttribute('Destination')
  if (destination !== null && !isOwnDestination(context.baseUrl, destination)) {
    return err({ code: '75008' })
  }
  const app = context.findApp(issuer.value)
  if (app === null) {
    return err({ code: '700016', identifier: issuer.value, tenant: tenant.name })
  }
  const isChecked = querySignature !== null && app.verificationCertificates.length > 0
  if (isChecked && (await checkSignature(message, app)) !== null) return err({ code: '50061' })
  const until = root.getAttribute('NotOnOrAfter')
  if (until !== null && new Date(until).getTime() <= context.nowMs) return err({ code: '50071' })
  const [nameId] = childElements(root, ns.assertion, 'NameID')
  return ok({ id: head.value.id, app, nameId: textOf(nameId)?.trim() ?? null })
}

/** The request that the other applications get when somebody signs out. */
export function buildLogoutRequest(request: {
  readonly issuer: string
  readonly destination: string
  readonly participant: Pick<Participant, 'nameId' | 'nameIdFormat' | 'sessionIndex'>
  readonly nowMs: number
  readonly id?: string
}): string {
  const { nameId, nameIdFormat, sessionIndex } = request.participant
  return element(
    'samlp:LogoutRequest',
    {
      ID: request.id ?? samlId(),
      Version: '2.0',
      IssueInstant: instant(request.nowMs),
      Destination: request.destination,
      'xmlns:samlp': ns.protocol,
    },
    element('Issuer', { xmlns: ns.assertion }, text(request.issuer)),
    element('NameID', { Format: nameIdFormat, xmlns: ns.assertion }, text(nameId)),
    element('samlp:SessionIndex', {}, text(sessionIndex)),
  )
}

/** The answer to the application that asked. Its issuer is another than that of assertions, as documented. */
export function buildLogoutResponse(response: {
  readonly issuer: 'login' | 'sts'
  /** Stands for https://login.microsoftonline.com. */
  readonly baseUrl: string
  readonly destination: string
  readonly inResponseTo: string
  readonly nowMs: number
}): string {
  const base = response.issuer === 'login' ? response.baseUrl : 'https://sts.windows.net'
  return element(
    'samlp:LogoutResponse',
    {
      ID: samlId(),
      Version: '2.0',
      IssueInstant: instant(response.nowMs),
      Destination: response.destination,
      InResponseTo: response.inResponseTo,
      'xmlns:samlp': ns.protocol,
    },
    element('Issuer', { xmlns: ns.assertion }, text(`${base}/${tenant.id}/`)),
    element(
      'samlp:Status',
      {},
      element('samlp:StatusCode', { Value: 'urn:oasis:names:tc:SAML:2.0:status:Success' }),
    ),
  )
}
