import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom'
import { setNodeDependencies } from 'xml-core'
import { Application, Parse, SignedXml, Stringify } from 'xmldsigjs'

Application.setEngine('node', crypto)
setNodeDependencies({ DOMImplementation, DOMParser, XMLSerializer })

const ds = 'http://www.w3.org/2000/09/xmldsig#'
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'

export type PeerSigning = {
  readonly xml: string
  readonly id: string
  readonly algorithm: { name: string; hash: string; namedCurve?: string }
  readonly privateKey: CryptoKey
  readonly certificate?: string
}

/** Signs as another implementation does: xmldsigjs on xmldom, the signature behind the first child. */
export async function signByPeer(signing: PeerSigning): Promise<string> {
  const { xml, id, algorithm, privateKey, certificate } = signing
  const document = Parse(xml)
  const signer = new SignedXml()
  // Its default is inclusive canonicalization, which SAML signatures do not use.
  signer.XmlSignature.SignedInfo.CanonicalizationMethod.Algorithm = exclusive
  await signer.Sign(algorithm, privateKey, document, {
    ...(certificate !== undefined && { x509: [certificate] }),
    references: [{ uri: `#${id}`, hash: algorithm.hash, transforms: ['enveloped', 'exc-c14n'] }],
  })
  const [target] = Array.from(document.getElementsByTagName('*')).filter(
    (element) => element.getAttribute('ID') === id,
  )
  const signature = signer.GetXml()
  if (target === undefined || signature === null) throw new Error('nothing signed')
  target.insertBefore(document.importNode(signature, true), target.childNodes[1] ?? null)
  return Stringify(document)
}

/** Whether xmldsigjs accepts the first signature of a document, with this key. */
export async function verifyByPeer(xml: string, key: CryptoKey): Promise<boolean> {
  const document = Parse(xml)
  const verifier = new SignedXml(document)
  const signature = document.getElementsByTagNameNS(ds, 'Signature').item(0)
  if (signature === null) throw new Error('no signature')
  verifier.LoadXml(signature)
  return verifier.Verify(key)
}
