import type { KeyRing } from '../src/kernel/index.ts'
// The folder's face brings pages with it, which Node cannot load.
import { rememberLogin } from '../src/session/login-state.ts'
import { buildResponse, claims, context, defaultAttributes } from '../test/support/saml-builder.ts'

/** A POST to the ACS as a browser sends it: a response to its own request, with that request's cookie. */
export type SignIn = { readonly cookie: string; readonly form: string }

const minuteMs = 60_000
const number = (i: number) => i.toString(16).padStart(12, '0')

/** Fresh responses, for people in turn. @param people how many different ones */
export async function prepareSignIns(
  ring: KeyRing,
  count: number,
  people: number,
): Promise<readonly SignIn[]> {
  const prepared: SignIn[] = []
  for (let i = 0; i < count; i++) prepared.push(await prepareSignIn(ring, i, i % people))
  return prepared
}

async function prepareSignIn(ring: KeyRing, serial: number, person: number): Promise<SignIn> {
  const nowMs = Date.now()
  const at = (offsetMs: number) => new Date(nowMs + offsetMs).toISOString()
  const requestId = `_${crypto.randomUUID().replaceAll('-', '')}`
  const mail = `person${person}@contoso.example`
  const { form } = await buildResponse({
    response: {
      id: `_5e000000-0000-4000-8000-${number(serial)}`,
      issueInstant: at(0),
      inResponseTo: requestId,
    },
    assertion: {
      id: `_a5000000-0000-4000-8000-${number(serial)}`,
      issueInstant: at(0),
      notBefore: at(-5 * minuteMs),
      notOnOrAfter: at(60 * minuteMs),
      authnInstant: at(-minuteMs),
      nameId: mail,
      confirmations: [{ inResponseTo: requestId, notOnOrAfter: at(60 * minuteMs) }],
      attributes: {
        ...defaultAttributes,
        [claims.objectId]: `0b1ec700-1111-4111-8111-${number(person)}`,
        [claims.email]: mail,
        [claims.name]: mail,
      },
    },
  })
  const state = {
    requestId,
    connectionId: context.connectionId,
    returnTo: '/',
    startedAtMs: nowMs - minuteMs,
    forceAuthn: false,
    afterUnsolicited: false,
    testId: null,
  }
  const [setCookie = ''] = await rememberLogin(ring, state, [])
  return { cookie: setCookie.split(';', 1)[0] ?? '', form }
}
