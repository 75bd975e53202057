/** An element to write; names come from code, values from anywhere. */
export type XmlOutput = {
  /** Qualified name, such as `samlp:AuthnRequest`. */
  readonly name: string
  /** In the order given, namespace declarations among them; undefined values are left out. */
  readonly attributes?: Readonly<Record<string, string | undefined>>
  readonly children?: readonly (XmlOutput | string)[]
}

/** Writes an element without declaration (signature settled, body to follow). */
export function buildXml(_element: XmlOutput): string {
  return ''
}
