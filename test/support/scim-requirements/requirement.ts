export type Level =
  | 'MUST'
  | 'MUST NOT'
  | 'SHALL'
  | 'SHALL NOT'
  | 'SHOULD'
  | 'SHOULD NOT'
  | 'REQUIRED'
  | 'RECOMMENDED'

/** One thing that an RFC asks of a service provider, in our own words. */
export type Requirement = {
  /** The RFC, the section and a letter, such as `S7644-3.3-a`. */
  readonly id: string
  readonly rfc: Rfc
  readonly section: string
  readonly level: Level
  readonly says: string
  /** Why no test can hold it, or why it is not done. */
  readonly waived?: string
}

export const rfcs = {
  '7643': 'RFC 7643: core schema',
  '7644': 'RFC 7644: protocol',
  '9865': 'RFC 9865: pagination by cursor',
} as const
export type Rfc = keyof typeof rfcs

/** One requirement as it is written down: how strong, what, and perhaps why it is waived. */
export type Entry =
  | readonly [level: Level, says: string]
  | readonly [level: Level, says: string, waived: string]

/** The requirements of some sections by number; within a section by letter, in the order of the text. */
export type Sections = Readonly<
  Record<string, { readonly title: string; readonly asks: Readonly<Record<string, Entry>> }>
>
