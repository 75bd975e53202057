/** The verifier with the connections of test/support/saml-context.ts, for tests of what it decides. */
import { base64Decode, type Result } from '../../../src/kernel/index.ts'
import { foldClaimName } from '../../../src/saml/claims.ts'
import type { SamlConnection } from '../../../src/saml/connection.ts'
import {
  type ResponseRefusal,
  receiveResponse,
  type ValidatedAssertion,
} from '../../../src/saml/receive-response.ts'
import { importVerifyKey, parseCertificate, type VerifyKey } from '../../../src/xmldsig/index.ts'
import { type DecryptKey, importDecryptKey } from '../../../src/xmlenc/index.ts'
import { certificateDer, type KeyName, privateKeyDer } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'

const verifyKeys = new Map<KeyName, Promise<VerifyKey>>()
const decryptKeys = new Map<KeyName, Promise<DecryptKey>>()

/** The pinned key of a test certificate; imported once. */
export function verifyKey(name: KeyName): Promise<VerifyKey> {
  const known = verifyKeys.get(name) ?? loadVerifyKey(name)
  verifyKeys.set(name, known)
  return known
}

async function loadVerifyKey(name: KeyName): Promise<VerifyKey> {
  const certificate = await parseCertificate(certificateDer(name))
  if (!certificate.ok) throw new Error(`${name}: ${certificate.failure.code}`)
  const key = await importVerifyKey(certificate.value)
  if (!key.ok) throw new Error(`${name}: ${key.failure.code}`)
  return key.value
}

export function decryptKey(name: KeyName): Promise<DecryptKey> {
  const known = decryptKeys.get(name) ?? importDecryptKey(privateKeyDer(name))
  decryptKeys.set(name, known)
  return known
}

/** A claim that the connection of the tests maps to a single field. */
export const singleClaim = 'email'

export type ConnectionChange = Partial<Omit<SamlConnection, 'keys' | 'decryptKeys'>> & {
  readonly keys?: readonly KeyName[]
  readonly decryptKeys?: readonly KeyName[]
}

/** The default connection, tenant A with key K, with what a test changes. */
export async function connection(change: ConnectionChange = {}): Promise<SamlConnection> {
  return {
    id: context.connectionId,
    version: 1,
    status: 'active',
    idp: { entityId: context.idpEntityId, tenantId: context.tenantId },
    sp: { entityId: context.spEntityId, acsUrl: context.acsUrl },
    acceptSpnAudience: false,
    allowIdpInitiated: false,
    extraSkewMs: 0,
    identityClaim: null,
    scopes: null,
    singleClaims: new Set([singleClaim].map(foldClaimName)),
    ...change,
    keys: await Promise.all((change.keys ?? ['K']).map(verifyKey)),
    decryptKeys: await Promise.all((change.decryptKeys ?? ['E']).map(decryptKey)),
  }
}

export type Login = {
  readonly requestId: string
  readonly connectionId: string
  readonly startedAtMs: number
  readonly forceAuthn: boolean
}

/** The sign-in that this browser started a minute ago on the default connection. */
export const login: Login = {
  requestId: context.requestId,
  connectionId: context.connectionId,
  startedAtMs: context.nowMs - 60_000,
  forceAuthn: false,
}

export type Circumstances = {
  readonly connection?: ConnectionChange
  readonly logins?: readonly Login[]
  readonly nowMs?: number
}

export type Verdict = Result<ValidatedAssertion<Login>, ResponseRefusal>

/** What the verifier makes of a message in base64 that was posted now. */
export async function receive(base64: string, circumstances: Circumstances = {}): Promise<Verdict> {
  const message = base64Decode(base64)
  if (message === null) throw new Error('the test made bad base64')
  return receiveResponse(
    { message, relayState: null },
    {
      connection: await connection(circumstances.connection),
      logins: circumstances.logins ?? [login],
      nowMs: circumstances.nowMs ?? context.nowMs,
    },
  )
}

/** `accepted`, or the code of the refusal: what rows are compared by. */
export function outcome(verdict: Verdict): string {
  return verdict.ok ? 'accepted' : verdict.failure.code
}
