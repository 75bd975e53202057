import { err, limits, ok, type Result } from '../kernel/index.ts'
import { all, attributeOf, leafText, only, type XmlElement, type XmlFailure } from '../xml/index.ts'
import {
  type Certificate,
  type CertificateDefect,
  type DsigFailure,
  decodeCertificateText,
  importVerifyKey,
  parseCertificate,
} from '../xmldsig/index.ts'
import { samlNamespaces } from './namespaces.ts'

/** A key that is published and cannot be used; kept so that an admin sees why. */
export type RejectedCertificate = {
  /** Which KeyDescriptor, from 1. */
  readonly position: number
  /** A defect of the certificate, a `use` of no meaning, or a key given without a certificate. */
  readonly reason: CertificateDefect | 'use' | 'no_certificate'
}

export type PublishedCertificates = {
  readonly signing: readonly Certificate[]
  readonly rejected: readonly RejectedCertificate[]
}

/** Counted far above what a provider publishes: signing and encryption, each several times. */
const maxDescriptors = limits.certificatesPerConnection * 2

/**
 * Reads the keys that a role publishes for signing: `use="signing"`, or no `use`, which means both
 * (Kantara IIP-MD11). One published only for encryption is not among them, and a bad one beside a good one
 * takes nothing from it (rows D02, K11).
 */
export async function readSigningCertificates(
  role: XmlElement,
): Promise<Result<PublishedCertificates, XmlFailure>> {
  const descriptors = all(role, samlNamespaces.metadata, 'KeyDescriptor', maxDescriptors)
  if (!descriptors.ok) return descriptors
  const signing = new Map<string, Certificate>()
  const rejected: RejectedCertificate[] = []
  for (const [index, descriptor] of descriptors.value.entries()) {
    const position = index + 1
    const use = attributeOf(descriptor, 'use')
    if (use === 'encryption') continue
    if (use !== null && use !== 'signing') {
      rejected.push({ position, reason: 'use' })
      continue
    }
    const texts = readCertificateTexts(descriptor)
    if (!texts.ok) return texts
    if (texts.value.length === 0) rejected.push({ position, reason: 'no_certificate' })
    for (const text of texts.value) {
      const certificate = await readCertificateText(text)
      if (certificate.ok) signing.set(certificate.value.sha256, certificate.value)
      else rejected.push({ position, reason: certificate.failure })
    }
  }
  return ok({ signing: [...signing.values()], rejected })
}

function readCertificateTexts(descriptor: XmlElement): Result<readonly string[], XmlFailure> {
  const { signature } = samlNamespaces
  const keyInfo = only(descriptor, signature, 'KeyInfo')
  if (!keyInfo.ok) return keyInfo
  const data = all(keyInfo.value, signature, 'X509Data', limits.certificatesPerConnection)
  if (!data.ok) return data
  const texts: string[] = []
  for (const element of data.value) {
    const found = all(element, signature, 'X509Certificate', limits.certificatesPerConnection)
    if (!found.ok) return found
    for (const certificate of found.value) {
      const text = leafText(certificate)
      if (!text.ok) return text
      texts.push(text.value)
    }
  }
  return ok(texts)
}

/**
 * Reads a certificate as PEM or bare base64. Its key has been imported once, so that a point off its curve
 * is found here.
 */
export async function readCertificateText(
  text: string,
): Promise<Result<Certificate, CertificateDefect>> {
  const der = decodeCertificateText(text)
  if (!der.ok) return err(defectOf(der.failure))
  const certificate = await parseCertificate(der.value)
  if (!certificate.ok) return err(defectOf(certificate.failure))
  const key = await importVerifyKey(certificate.value)
  return key.ok ? certificate : err(defectOf(key.failure))
}

function defectOf(failure: DsigFailure): CertificateDefect {
  return failure.code === 'xmldsig.bad_certificate' ? failure.reason : 'not_a_certificate'
}
