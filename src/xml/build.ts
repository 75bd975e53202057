import { escapeText, escapeValue } from './escape.ts'

/** An element to write. Names come from code, values from anywhere. */
export type XmlOutput = {
  /** With its prefix, as in `samlp:AuthnRequest`. */
  readonly name: string
  /** Namespace declarations among them, written in this order; undefined ones are left out. */
  readonly attributes?: Readonly<Record<string, string | undefined>>
  /** Elements and text; undefined ones are left out. */
  readonly children?: readonly (XmlOutput | string | undefined)[]
}

const qualifiedName = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/
const forbidden = /[^\t\n\r -\ufffd]/g

/**
 * Writes an element as XML without a declaration. Every value is escaped so that a reader gets it back
 * exactly; what XML cannot hold (control characters, lone surrogates) becomes U+FFFD.
 * @throws when a name is not a qualified name: names are written by us, so that is a bug
 */
export function buildXml({ name, attributes = {}, children = [] }: XmlOutput): string {
  let output = `<${checked(name)}`
  for (const [attribute, value] of Object.entries(attributes))
    if (value !== undefined) output += ` ${checked(attribute)}="${escapeValue(storable(value))}"`
  let content = ''
  for (const child of children) {
    if (typeof child === 'string') content += escapeText(storable(child))
    else if (child !== undefined) content += buildXml(child)
  }
  return content === '' ? `${output}/>` : `${output}>${content}</${name}>`
}

function checked(name: string): string {
  if (!qualifiedName.test(name)) throw new Error(`not a qualified XML name: ${name}`)
  return name
}

function storable(text: string): string {
  return text.toWellFormed().replace(forbidden, '\ufffd')
}
