/** An attribute with its expanded name; namespace declarations are not among them. */
export type XmlAttribute = {
  /** As written, with its prefix. */
  readonly name: string
  /** Namespace URI; `''` for an attribute without a prefix. */
  readonly uri: string
  readonly local: string
  readonly prefix: string
  /** Decoded and normalized (XML 1.0, 3.3.3). */
  readonly value: string
}

/** One namespace declaration: prefix `''` is the default, uri `''` undeclares it. */
export type XmlNamespace = { readonly prefix: string; readonly uri: string }

/** An element, or a run of text: decoded, line ends normalized, never empty, never beside another run. */
export type XmlNode = XmlElement | string

/**
 * Everything in it is frozen. Where every node of a document is looked at, lists are walked by index: the engine
 * walks a frozen one with `for … of` several times as slowly, and makes garbage at each step.
 */
export type XmlElement = {
  /** As written, with its prefix. */
  readonly name: string
  readonly uri: string
  readonly local: string
  readonly prefix: string
  /** In document order. */
  readonly attributes: readonly XmlAttribute[]
  /** Declared on this element, in document order. */
  readonly namespaces: readonly XmlNamespace[]
  readonly children: readonly XmlNode[]
  /**
   * All bindings that hold here, one per prefix; canonicalization needs those made above its apex.
   * The same array as the parent's when this element declares nothing.
   */
  readonly scope: readonly XmlNamespace[]
}

export type XmlDocument = {
  readonly root: XmlElement
  /** Characters read and comparisons made: the same on every machine, so that tests can hold it to a line. */
  readonly steps: number
}
