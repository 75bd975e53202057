import { err, ok, type Result } from '../result.ts'
import { childElements, isElement, ns, textOf, type XmlElement } from '../xml/index.ts'
import type { Refusal } from './aadsts.ts'

/** An AuthnRequest that conforms to the schema and to what Entra supports. Nobody vouches for it. */
export type AuthnRequest = {
  readonly id: string
  readonly issueInstantMs: number
  readonly issuer: string
  readonly destination: string | null
  readonly acsUrl: string | null
  readonly acsIndex: number | null
  readonly protocolBinding: string | null
  readonly forceAuthn: boolean
  readonly isPassive: boolean
  readonly nameIdFormat: string | null
  /** Asked for with SPNameQualifier, which is answered with an error response. */
  readonly spNameQualifier: string | null
  readonly requestedContexts: readonly string[]
}

const attributes = new Set([
  'ID',
  'Version',
  'IssueInstant',
  'Destination',
  'Consent',
  'ForceAuthn',
  'IsPassive',
  'ProtocolBinding',
  'AssertionConsumerServiceIndex',
  'AssertionConsumerServiceURL',
  'AttributeConsumingServiceIndex',
  'ProviderName',
])

/** The order of SAML Core 3.4.1's schema. */
const order = [
  `{${ns.assertion}}Issuer`,
  `{${ns.dsig}}Signature`,
  `{${ns.protocol}}Extensions`,
  `{${ns.assertion}}Subject`,
  `{${ns.protocol}}NameIDPolicy`,
  `{${ns.assertion}}Conditions`,
  `{${ns.protocol}}RequestedAuthnContext`,
  `{${ns.protocol}}Scoping`,
]

const nameIdFormats = new Set([
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
])

const malformed = (detail: string) => err<Refusal>({ code: '75005', detail })

/** The common head of requests (SAML Core 3.2.1): ID, Version and IssueInstant. */
export function readHead(
  root: XmlElement,
): Result<{ readonly id: string; readonly issueInstantMs: number }, Refusal> {
  if (root.getAttribute('Version') !== '2.0') return malformed('Version must be 2.0.')
  const id = root.getAttribute('ID') ?? ''
  if (id === '') return malformed('ID is missing.')
  if (/^\d/.test(id)) return err({ code: '7500529', id })
  if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(id)) return malformed('ID is not an XML name.')
  const instant = root.getAttribute('IssueInstant') ?? ''
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(instant)
  const issueInstantMs = isInstant ? new Date(instant).getTime() : Number.NaN
  if (Number.isNaN(issueInstantMs)) return malformed('IssueInstant is not a UTC time.')
  return ok({ id, issueInstantMs })
}

/** The Issuer of a request, exactly as written. */
export function readIssuer(root: XmlElement): Result<string, Refusal> {
  const [element] = childElements(root, ns.assertion, 'Issuer')
  const issuer = textOf(element) ?? ''
  return issuer === '' ? malformed('Issuer is missing.') : ok(issuer)
}

/** Reads an AuthnRequest (SAML Core 3.4.1) as strictly as its schema, and refuses what Entra does not support. */
export function readAuthnRequest(root: XmlElement): Result<AuthnRequest, Refusal> {
  if (!isElement(root, ns.protocol, 'AuthnRequest')) return malformed('It is not an AuthnRequest.')
  const head = readHead(root)
  if (!head.ok) return head
  const shape = checkShape(root)
  if (shape !== null) return err(shape)
  const issuer = readIssuer(root)
  if (!issuer.ok) return issuer
  const unsupported = unsupportedProperty(root)
  if (unsupported !== null) return err({ code: '900236', property: unsupported })
  const forceAuthn = readBoolean(root.getAttribute('ForceAuthn'))
  const isPassive = readBoolean(root.getAttribute('IsPassive'))
  if (forceAuthn === null || isPassive === null) return malformed('A flag is not a boolean.')
  const [policy] = childElements(root, ns.protocol, 'NameIDPolicy')
  const nameIdFormat = policy?.getAttribute('Format') ?? null
  if (nameIdFormat !== null && !nameIdFormats.has(nameIdFormat)) return err({ code: '75016' })
  const [requested] = childElements(root, ns.protocol, 'RequestedAuthnContext')
  const comparison = requested?.getAttribute('Comparison') ?? 'exact'
  if (comparison !== 'exact') return malformed('Comparison must be exact.')
  const acsIndex = root.getAttribute('AssertionConsumerServiceIndex')
  if (acsIndex !== null && !/^\d{1,5}$/.test(acsIndex))
    return malformed('An index is not a number.')
  const acsUrl = root.getAttribute('AssertionConsumerServiceURL')
  if (acsUrl !== null && !/^https?:\/\/[^/]/i.test(acsUrl)) {
    return err({ code: '7500511', attribute: 'AssertionConsumerServiceURL' })
  }
  return ok({
    ...head.value,
    issuer: issuer.value,
    destination: root.getAttribute('Destination'),
    acsUrl,
    acsIndex: acsIndex === null ? null : Number(acsIndex),
    protocolBinding: root.getAttribute('ProtocolBinding'),
    forceAuthn,
    isPassive,
    nameIdFormat,
    spNameQualifier: policy?.getAttribute('SPNameQualifier') ?? null,
    requestedContexts:
      requested === undefined
        ? []
        : childElements(requested, ns.assertion, 'AuthnContextClassRef').map(
            (one) => textOf(one)?.trim() ?? '',
          ),
  })
}

function checkShape(root: XmlElement): Refusal | null {
  const stray = Array.from(root.attributes).find(
    ({ name, namespaceURI }) => namespaceURI === null && !attributes.has(name),
  )
  if (stray !== undefined) return { code: '75005', detail: `${stray.name} is unknown.` }
  let at = -1
  for (const child of childElements(root)) {
    const name = `{${child.namespaceURI ?? ''}}${child.localName}`
    const next = order.indexOf(name)
    if (next <= at) return { code: '75005', detail: `${child.localName} is not allowed here.` }
    at = next
  }
  return null
}

/** Entra names the property that it does not support. */
function unsupportedProperty(root: XmlElement): string | null {
  if (childElements(root, ns.assertion, 'Subject').length > 0) return 'Subject'
  const [scoping] = childElements(root, ns.protocol, 'Scoping')
  if (scoping === undefined) return null
  if (scoping.hasAttribute('ProxyCount')) return 'Scoping/ProxyCount'
  if (childElements(scoping, ns.protocol, 'RequesterID').length > 0) return 'Scoping/RequesterId'
  return null
}

function readBoolean(text: string | null): boolean | null {
  if (text === null || text === 'false' || text === '0') return false
  return text === 'true' || text === '1' ? true : null
}
