import type { App } from '../directory/index.ts'
import { readCertificate } from '../keys/index.ts'
import { type VerifyPolicy, verifyEnveloped, verifyOctets } from '../xml/index.ts'
import type { ReceivedMessage } from './receive.ts'

/**
 * Checks the signature of a service provider's message: in the query when it came by Redirect, enveloped
 * when it was posted. The last two certificates of the application are tried.
 * @returns what is wrong, or null
 */
export async function checkSignature(
  { binding, document, root, querySignature }: ReceivedMessage,
  app: App,
): Promise<string | null> {
  const policy: VerifyPolicy = {
    certificates: app.verificationCertificates
      .slice(-2)
      .map(readCertificate)
      .flatMap((read) => (read.ok ? [read.value] : [])),
    allowSha1: app.allowSha1Requests,
  }
  if (binding === 'post') return verifyEnveloped(document, root, policy)
  return querySignature === null
    ? 'there is no signature in the query'
    : verifyOctets(querySignature, policy)
}
