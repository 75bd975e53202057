import { err, limits, ok, type Result } from '../kernel/index.ts'
import { attributeOf, type XmlElement } from '../xml/index.ts'
import { childOf, childrenOf, samlName, textOf } from './read-message.ts'
import type { PersonFailure } from './response-failure.ts'

/** One attribute name with everything that was stated under it. */
export type Claim = {
  /** As first written. */
  readonly name: string
  readonly nameFormat: string | null
  /** In document order; an empty value is a value. */
  readonly values: readonly string[]
  /** How many Attribute elements had this name, whatever their NameFormat. */
  readonly attributes: number
}

/** What an assertion states about a person, found by Name and never by FriendlyName. */
export class Claims {
  readonly #byName: ReadonlyMap<string, Claim>

  constructor(byName: ReadonlyMap<string, Claim>) {
    this.#byName = byName
  }

  /** All of them, in document order. */
  get all(): readonly Claim[] {
    return [...this.#byName.values()]
  }

  find(name: string): Claim | null {
    return this.#byName.get(foldClaimName(name)) ?? null
  }

  /** The values under a name that may have several; none when it is not stated. */
  list(name: string): readonly string[] {
    return this.find(name)?.values ?? []
  }

  /** The one value under a name; null when there is none, or more than one. */
  single(name: string): string | null {
    const values = this.list(name)
    return values.length === 1 ? (values[0] ?? null) : null
  }
}

/**
 * The form in which claim names are compared: without case, since admins type them by hand, and by ASCII
 * only, so that no other letter becomes one of ours (the Kelvin sign lower-cases to `k`).
 */
export function foldClaimName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

const valueName = samlName('AttributeValue')
const nameIdName = samlName('NameID')
const nil = { uri: 'http://www.w3.org/2001/XMLSchema-instance', local: 'nil' }

/**
 * Reads the Attributes of a signed assertion (SAML Core 2.7.3). Types and foreign attributes change nothing
 * (row N04). Providers repeat an Attribute to state several values, so repeats are joined; where a single
 * field is fed, a repeat or a second value is refused, because order would choose (row N03).
 * @param isSingle whether a folded name feeds a single field
 * @returns the claims; `saml.limit` or `saml.attribute_ambiguous`
 */
export function readClaims(
  attributes: readonly XmlElement[],
  isSingle: (foldedName: string) => boolean,
): Result<Claims, PersonFailure> {
  const max = limits.samlAttributeValues
  const byName = new Map<string, Claim & { readonly values: string[]; attributes: number }>()
  let count = 0
  for (const attribute of attributes) {
    const elements = childrenOf(attribute, valueName)
    count += 1 + elements.length
    if (count > max) return err({ code: 'saml.limit', of: 'attributes and values', max })
    const name = attributeOf(attribute, 'Name') ?? ''
    const key = foldClaimName(name)
    const claim = byName.get(key) ?? {
      name,
      nameFormat: attributeOf(attribute, 'NameFormat'),
      values: [],
      attributes: 0,
    }
    claim.attributes++
    for (const element of elements) {
      const value = readValue(element)
      if (value !== null) claim.values.push(value)
    }
    byName.set(key, claim)
  }
  for (const [key, { name, attributes: repeats, values }] of byName) {
    if ((repeats < 2 && values.length < 2) || !isSingle(key)) continue
    return err({
      code: 'saml.attribute_ambiguous',
      name,
      attributes: repeats,
      values: values.length,
    })
  }
  return ok(new Claims(byName))
}

/** The text of a value, or of the NameID in it; null where the provider says that there is no value. */
function readValue(element: XmlElement): string | null {
  for (const { uri, local, value } of element.attributes) {
    if (local === nil.local && uri === nil.uri && (value === 'true' || value === '1')) return null
  }
  return textOf(childOf(element, nameIdName) ?? element)
}
