import { limits, ok, type Result } from '../kernel/index.ts'
import { nameEnd } from './characters.ts'
import { beyond, type Fault, fault, type Work } from './fault.ts'
import { bind, isDeclarable, resolve, type Scope } from './namespaces.ts'
import type { StartTag } from './start-tag.ts'
import type { XmlAttribute, XmlElement, XmlNamespace, XmlNode } from './tree.ts'

/** An element whose end tag has not come yet; nobody outside the reader sees one. */
export type OpenElement = XmlElement & { readonly children: XmlNode[] }

const noAttributes: readonly XmlAttribute[] = Object.freeze([])
const noNamespaces: readonly XmlNamespace[] = Object.freeze([])

/** Gives a start tag its expanded names under the bindings around it (Namespaces in XML 1.0, 5 and 6). */
export function openElement(tag: StartTag, outer: Scope, work: Work): Result<OpenElement, Fault> {
  const colon = prefixLength(tag.name)
  if (colon === null) return fault(tag.at, 'xml.bad_namespace')
  const prefix = tag.name.slice(0, Math.max(0, colon))
  const local = tag.name.slice(colon + 1)

  const namespaces = declaredNamespaces(tag, work)
  if (!namespaces.ok) return namespaces
  const scope = namespaces.value.length === 0 ? outer : Object.freeze(bind(outer, namespaces.value))
  work.steps += namespaces.value.length * scope.length
  if (scope.length > limits.xmlNamespacesInScope)
    return beyond(tag.at, 'namespaces_in_scope', limits.xmlNamespacesInScope)

  const uri = resolve(scope, prefix)
  work.steps += scope.length
  if (uri === null) return fault(tag.at, 'xml.bad_namespace')
  const attributes = expandedAttributes(tag, scope, work)
  if (!attributes.ok) return attributes
  const children: XmlNode[] = []
  return ok(
    Object.freeze({
      uri,
      local,
      prefix,
      attributes: attributes.value,
      namespaces: namespaces.value,
      children,
      scope,
    }),
  )
}

/** The offset of the colon of a qualified name, -1 when it has no prefix, null when it is not one. */
function prefixLength(name: string): number | null {
  const colon = name.indexOf(':')
  if (colon < 0) return -1
  const local = colon + 1
  const isQualified =
    colon > 0 &&
    local < name.length &&
    nameEnd(name, local) === name.length &&
    !name.includes(':', local)
  return isQualified ? colon : null
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}

function declaredNamespaces(tag: StartTag, work: Work): Result<readonly XmlNamespace[], Fault> {
  let found: XmlNamespace[] | null = null
  for (let i = 0; i < tag.count; i++) {
    const name = tag.names[i] ?? ''
    if (!isDeclaration(name)) continue
    const declared = { prefix: name.slice('xmlns:'.length), uri: tag.values[i] ?? '' }
    if (prefixLength(name) === null || !isDeclarable(declared))
      return fault(tag.at, 'xml.bad_namespace')
    found ??= []
    work.steps += found.length
    if (found.some((other) => other.prefix === declared.prefix))
      return fault(tag.at, 'xml.duplicate_attribute')
    found.push(Object.freeze(declared))
  }
  return ok(found === null ? noNamespaces : Object.freeze(found))
}

function expandedAttributes(
  tag: StartTag,
  scope: Scope,
  work: Work,
): Result<readonly XmlAttribute[], Fault> {
  let found: XmlAttribute[] | null = null
  for (let i = 0; i < tag.count; i++) {
    const name = tag.names[i] ?? ''
    if (isDeclaration(name)) continue
    const colon = prefixLength(name)
    if (colon === null) return fault(tag.at, 'xml.bad_namespace')
    const prefix = name.slice(0, Math.max(0, colon))
    const local = name.slice(colon + 1)
    const uri = prefix === '' ? '' : resolve(scope, prefix)
    work.steps += prefix === '' ? 1 : scope.length
    if (uri === null) return fault(tag.at, 'xml.bad_namespace')
    found ??= []
    work.steps += found.length
    for (const other of found)
      if (other.local === local && other.uri === uri)
        return fault(tag.at, 'xml.duplicate_attribute')
    found.push(Object.freeze({ uri, local, prefix, value: tag.values[i] ?? '' }))
  }
  return ok(found === null ? noAttributes : Object.freeze(found))
}
