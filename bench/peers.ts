import { Buffer } from 'node:buffer'
import { SAML } from '@node-saml/node-saml'
import samlify from 'samlify'

/** What every contender is given: one signed response, and whom it is for. */
export type Task = {
  readonly base64: string
  /** The provider's certificate, base64 of DER without armour. */
  readonly certificate: string
  readonly idpEntityId: string
  readonly ssoUrl: string
  readonly spEntityId: string
  readonly acsUrl: string
  readonly nowMs: number
}

/** A verifier under test: bytes in, claims out; throws when it refuses. */
export type Contender = { readonly name: string; verify(): Promise<unknown> }

/** node-saml with its usual checks; the request cache is not part of what is compared. */
export function nodeSaml(task: Task): Contender {
  const saml = new SAML({
    callbackUrl: task.acsUrl,
    issuer: task.spEntityId,
    audience: task.spEntityId,
    entryPoint: task.ssoUrl,
    idpIssuer: task.idpEntityId,
    idpCert: task.certificate,
    wantAuthnResponseSigned: false,
    wantAssertionsSigned: true,
    acceptedClockSkewMs: -1,
  })
  return {
    name: 'node-saml 5.1.0',
    async verify() {
      const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: task.base64 })
      if (profile?.nameID === undefined) throw new Error('node-saml: no profile')
      return profile
    },
  }
}

/** samlify with a schema validator that accepts all: it ships none, so this is its best case. */
export function samlifyPeer(task: Task): Contender {
  samlify.setSchemaValidator({ validate: async () => 'skipped' })
  const sp = samlify.ServiceProvider({
    entityID: task.spEntityId,
    wantAssertionsSigned: true,
    assertionConsumerService: [
      { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: task.acsUrl },
    ],
    // The document's own times lie in the past: a drift of years lets it pass.
    clockDrifts: [-1e13, 1e13],
  })
  const idp = samlify.IdentityProvider({
    entityID: task.idpEntityId,
    signingCert: task.certificate,
    singleSignOnService: [
      { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: task.ssoUrl },
    ],
  })
  return {
    name: 'samlify 2.13.1',
    async verify() {
      const { extract } = await sp.parseLoginResponse(idp, 'post', {
        body: { SAMLResponse: task.base64 },
      })
      if (extract.nameID === undefined) throw new Error('samlify: no NameID')
      return extract
    },
  }
}

/**
 * The floor: base64, one SHA-256 and one RSA-2048 verification by WebCrypto over as many octets, with
 * nothing understood. No verifier can be faster.
 */
export async function cryptoFloor(task: Task): Promise<Contender> {
  const pair = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  )
  const signedInfo = new Uint8Array(640)
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', pair.privateKey, signedInfo)
  return {
    name: 'crypto floor',
    async verify() {
      const bytes = Buffer.from(task.base64, 'base64')
      await crypto.subtle.digest('SHA-256', bytes)
      const valid = await crypto.subtle.verify(
        'RSASSA-PKCS1-v1_5',
        pair.publicKey,
        signature,
        signedInfo,
      )
      if (!valid) throw new Error('the floor’s own signature must verify')
      return bytes.length
    },
  }
}
