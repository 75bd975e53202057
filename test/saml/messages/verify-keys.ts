import { importVerifyKey, parseCertificate, type VerifyKey } from '../../../src/xmldsig/index.ts'
import { certificateDer, type KeyName } from '../../support/keys.ts'

/** A pinned key, imported as a connection's keys are. */
export async function verifyKey(name: KeyName): Promise<VerifyKey> {
  return verifyKeyOf(certificateDer(name))
}

export async function verifyKeyOf(der: Uint8Array): Promise<VerifyKey> {
  const certificate = await parseCertificate(der)
  if (!certificate.ok) throw new Error(certificate.failure.code)
  const key = await importVerifyKey(certificate.value)
  if (!key.ok) throw new Error(key.failure.code)
  return key.value
}
