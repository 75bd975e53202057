import { readCertificate } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import { childElements, isElement, ns, parseXml, textOf, type XmlElement } from '../xml/index.ts'

/** What "Upload metadata file" takes over from a service provider. */
export type SpMetadata = {
  readonly identifier: string
  /** The default one first. */
  readonly replyUrls: readonly string[]
  readonly logoutUrl: string | null
  readonly requestsSigned: boolean
  /** DER in base64. */
  readonly signingCertificates: readonly string[]
  readonly encryptionCertificates: readonly string[]
}

const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** Reads a service provider's metadata. @returns what it says, or a sentence */
export function readSpMetadata(xml: string): Result<SpMetadata, string> {
  const parsed = parseXml(xml)
  if (!parsed.ok) return err(`The metadata is not XML: ${parsed.failure}`)
  const { root } = parsed.value
  if (!isElement(root, ns.metadata, 'EntityDescriptor')) {
    return err('The metadata is not an EntityDescriptor.')
  }
  const [role] = childElements(root, ns.metadata, 'SPSSODescriptor')
  if (role === undefined) return err('The metadata has no SPSSODescriptor.')
  const identifier = root.getAttribute('entityID') ?? ''
  const services = childElements(role, ns.metadata, 'AssertionConsumerService')
    .filter((service) => service.getAttribute('Binding') === postBinding)
    .toSorted((a, b) => rank(a) - rank(b))
  const replyUrls = services.map((service) => service.getAttribute('Location') ?? '')
  if (identifier === '' || replyUrls.length === 0) {
    return err('The metadata has no entityID or no AssertionConsumerService by POST.')
  }
  const logout = childElements(role, ns.metadata, 'SingleLogoutService').find(
    (service) => service.getAttribute('Binding') === redirectBinding,
  )
  return ok({
    identifier,
    replyUrls,
    logoutUrl: logout?.getAttribute('Location') ?? null,
    requestsSigned: role.getAttribute('AuthnRequestsSigned') === 'true',
    signingCertificates: certificatesFor(role, 'signing'),
    encryptionCertificates: certificatesFor(role, 'encryption'),
  })
}

function rank(service: XmlElement): number {
  return service.getAttribute('isDefault') === 'true' ? 0 : 1
}

function certificatesFor(role: XmlElement, use: 'signing' | 'encryption'): readonly string[] {
  return childElements(role, ns.metadata, 'KeyDescriptor')
    .filter((key) => (key.getAttribute('use') ?? use) === use)
    .flatMap((key) => childElements(key, ns.dsig, 'KeyInfo'))
    .flatMap((info) => childElements(info, ns.dsig, 'X509Data'))
    .flatMap((data) => childElements(data, ns.dsig, 'X509Certificate'))
    .map((certificate) => readCertificate(textOf(certificate) ?? ''))
    .flatMap((read) => (read.ok ? [read.value.certificate] : []))
}
