import { limits } from '../kernel/index.ts'
import type { XmlElement } from '../xml/index.ts'
import type { DsigFailure } from './errors.ts'
import { dsigNamespace } from './shape.ts'

const keyInfoNamespaces: ReadonlySet<string> = new Set([
  dsigNamespace,
  'http://www.w3.org/2009/xmldsig11#',
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
])

/**
 * Bounds a KeyInfo, of which nothing is ever used: a key that comes with a message proves nothing. Holding
 * anything but descriptions of keys is refused, so that no forged assertion can lie in it.
 * @returns the failure, or null
 */
export function checkKeyInfo(keyInfo: XmlElement): DsigFailure | null {
  const max = limits.keyInfoCertificates
  let certificates = 0
  const pending: XmlElement[] = [keyInfo]
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    if (!keyInfoNamespaces.has(element.uri)) {
      return { code: 'xmldsig.unexpected_child', parent: 'KeyInfo', got: element.local }
    }
    if (element.local === 'SignedInfo') {
      return { code: 'xmldsig.cardinality', element: 'SignedInfo', got: 2 }
    }
    if (element.local === 'X509Certificate' && ++certificates > max) {
      return { code: 'xmldsig.limit', what: 'certificates', max, got: certificates }
    }
    for (const child of element.children) if (typeof child !== 'string') pending.push(child)
  }
  return null
}
