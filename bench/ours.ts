import { base64Decode } from '../src/kernel/index.ts'
import type { SamlConnection } from '../src/saml/connection.ts'
import { receiveResponse } from '../src/saml/receive-response.ts'
import { readResponseForm } from '../src/saml/response-form.ts'
import { importVerifyKey, parseCertificate } from '../src/xmldsig/index.ts'
import { certificateBase64, context } from '../test/support/saml-builder.ts'
import type { Contender } from './peers.ts'

/** The connection of the tests' world: tenant A, whose key is K. Built once, as an isolate's cache holds it. */
export async function benchConnection(): Promise<SamlConnection> {
  const der = base64Decode(certificateBase64('K'))
  if (der === null) throw new Error('the test certificate is not base64')
  const certificate = await parseCertificate(der)
  if (!certificate.ok) throw new Error(certificate.failure.code)
  const key = await importVerifyKey(certificate.value)
  if (!key.ok) throw new Error(key.failure.code)
  return {
    id: context.connectionId,
    version: 1,
    status: 'active',
    idp: { entityId: context.idpEntityId, tenantId: context.tenantId },
    keys: [key.value],
    decryptKeys: [],
    sp: { entityId: context.spEntityId, acsUrl: context.acsUrl },
    acceptSpnAudience: false,
    allowIdpInitiated: false,
    extraSkewMs: 0,
    identityClaim: null,
    scopes: null,
    singleClaims: new Set(),
  }
}

/** The sign-in that the browser started a minute ago. */
const login = {
  requestId: context.requestId,
  connectionId: context.connectionId,
  startedAtMs: context.nowMs - 60_000,
  forceAuthn: false,
}

const circumstances = (connection: SamlConnection) => ({
  connection,
  logins: [login],
  nowMs: context.nowMs,
})

/** Portico from what its peers are given, the base64 of the form's parameter, to the claims. */
export function portico(base64: string, connection: SamlConnection): Contender {
  const given = circumstances(connection)
  return {
    name: 'Portico',
    async verify() {
      const message = base64Decode(base64, '\r\n')
      if (message === null) throw new Error('not base64')
      const received = await receiveResponse({ message, relayState: null }, given)
      if (!received.ok) throw new Error(received.failure.code)
      return received.value
    },
  }
}

/** What the ACS makes of a request's body, from the octets on: `accepted`, or the code of the refusal. */
export async function outcomeOf(
  body: Uint8Array<ArrayBuffer>,
  connection: SamlConnection,
): Promise<string> {
  const request = new Request(context.acsUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body,
  })
  const posted = await readResponseForm(request)
  if (!posted.ok) return posted.failure.code
  const received = await receiveResponse(posted.value, circumstances(connection))
  return received.ok ? 'accepted' : received.failure.code
}
