import { type App, tenant } from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Refusal } from './aadsts.ts'
import { type AuthnRequest, readAuthnRequest } from './authn-request.ts'
import { isOwnDestination } from './idp-urls.ts'
import type { ReceivedMessage } from './receive.ts'
import { checkSignature } from './signed-request.ts'

/** A request that may be answered: by whom it was made, and where the answer goes. */
export type CheckedRequest = {
  readonly request: AuthnRequest
  readonly app: App
  readonly acsUrl: string
}

export type RequestContext = {
  readonly baseUrl: string
  readonly nowMs: number
  readonly findApp: (identifier: string) => App | null
}

const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const maxAgeMs = 10 * 60_000

/** Everything that can be said about an AuthnRequest before somebody signs in. */
export async function checkAuthnRequest(
  message: ReceivedMessage,
  context: RequestContext,
): Promise<Result<CheckedRequest, Refusal>> {
  const read = readAuthnRequest(message.root)
  if (!read.ok) return read
  const request = read.value
  const { protocolBinding, destination, issuer } = request
  if (protocolBinding !== null && protocolBinding !== postBinding) return err({ code: '75003' })
  if (destination !== null && !isOwnDestination(context.baseUrl, destination)) {
    return err({ code: '75008' })
  }
  const app = context.findApp(issuer)
  if (app === null) return err({ code: '700016', identifier: issuer, tenant: tenant.name })
  const unsigned = await checkRequired(message, request, { app, nowMs: context.nowMs })
  if (unsigned !== null) return err(unsigned)
  const acsUrl = selectAcs(request, app)
  if (acsUrl === null) {
    const asked = request.acsUrl ?? `index ${request.acsIndex ?? 0}`
    return err({ code: '50011', replyUrl: asked, identifier: issuer })
  }
  return ok({ request, app, acsUrl })
}

/** Signature and age count only where the application requires signed requests. */
async function checkRequired(
  message: ReceivedMessage,
  { issueInstantMs }: AuthnRequest,
  { app, nowMs }: { readonly app: App; readonly nowMs: number },
): Promise<Refusal | null> {
  if (!app.requireSignedRequests) return null
  const wrong = await checkSignature(message, app)
  if (wrong !== null) return { code: '76021', detail: wrong }
  return Math.abs(nowMs - issueInstantMs) > maxAgeMs ? { code: '76026' } : null
}

/** A URL in the request must be one of the application's, letter for letter, and is honoured. */
function selectAcs({ acsUrl, acsIndex }: AuthnRequest, app: App): string | null {
  if (acsUrl !== null) return app.replyUrls.includes(acsUrl) ? acsUrl : null
  return app.replyUrls[acsIndex ?? 0] ?? null
}
