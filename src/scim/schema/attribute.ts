/** How a value is written and compared (RFC 7643 2.3). */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex'

/** One attribute of a schema, with the characteristics of RFC 7643 section 7. */
export type Attribute = {
  readonly name: string
  readonly type: AttributeType
  readonly multiValued: boolean
  readonly description: string
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned: 'always' | 'never' | 'default' | 'request'
  readonly uniqueness: 'none' | 'server' | 'global'
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
  /** Understood, and not shown in /Schemas: every resource has it, or Microsoft's validator refuses to see it. */
  readonly isHidden?: boolean
  /** Made while a resource is rendered, from the server's address or its version: nothing to compare with. */
  readonly isDerived?: boolean
}

/** A schema: a resource's own, or an extension of it. */
export type Schema = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly resource: 'User' | 'Group'
  readonly isExtension: boolean
  readonly attributes: readonly Attribute[]
}

export type ResourceName = Schema['resource']

type Traits = Partial<Omit<Attribute, 'name' | 'description'>>

const defaults = {
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
} as const

/** A single text that is compared without case, unless told otherwise. */
export function attribute(name: string, description: string, traits: Traits = {}): Attribute {
  return { ...defaults, ...traits, name, description }
}

/** One object with attributes of its own. */
export function complex(
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  traits: Traits = {},
): Attribute {
  return attribute(name, description, { type: 'complex', subAttributes, ...traits })
}

/**
 * A list of `{value, display, type, primary}` (RFC 7643 2.4).
 * @param what one value in words, such as `email address`
 */
export function valueList(
  name: string,
  what: string,
  {
    types,
    value = {},
    hidden = [],
  }: {
    /** canonicalValues of `type`: Entra derives one target attribute from each of them. */
    readonly types?: readonly string[]
    readonly value?: Traits
    /** Sub-attributes that are understood and not shown. */
    readonly hidden?: readonly string[]
  } = {},
): Attribute {
  const parts = [
    attribute('value', `The ${what}.`, value),
    attribute('display', `The ${what} as shown to people.`),
    attribute('type', `What the ${what} is for.`, types ? { canonicalValues: types } : {}),
    attribute('primary', `Whether this is the preferred ${what}; true once at most.`, {
      type: 'boolean',
    }),
  ]
  const subAttributes = parts.map((part) =>
    hidden.includes(part.name) ? { ...part, isHidden: true } : part,
  )
  return complex(name, `Every ${what} of the user.`, subAttributes, { multiValued: true })
}

/**
 * A name that no schema knows, as its literal in a filter tells: PATCH and custom attributes keep what
 * they are sent.
 */
export function openAttribute(name: string, type: AttributeType = 'string'): Attribute {
  return attribute(name, 'Not described by a schema.', { type })
}

const readOnly = { mutability: 'readOnly' } as const

/** What every resource has (RFC 7643 3.1). externalId is shown because Entra's discovery looks for it. */
export const commonAttributes: readonly Attribute[] = [
  attribute('schemas', 'The schemas of the resource.', {
    type: 'reference',
    multiValued: true,
    caseExact: true,
    returned: 'always',
    referenceTypes: ['uri'],
    isHidden: true,
  }),
  attribute('id', 'Given by the server; never changes.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
    isHidden: true,
  }),
  attribute('externalId', "The client's own name for the resource.", { caseExact: true }),
  complex(
    'meta',
    'What the server notes about the resource.',
    [
      attribute('resourceType', 'User or Group.', { ...readOnly, caseExact: true }),
      attribute('created', 'When it was made.', { ...readOnly, type: 'dateTime' }),
      attribute('lastModified', 'When it last changed.', { ...readOnly, type: 'dateTime' }),
      attribute('location', 'Its address.', {
        ...readOnly,
        type: 'reference',
        caseExact: true,
        referenceTypes: ['uri'],
        isDerived: true,
      }),
      attribute('version', 'Its entity tag.', { ...readOnly, caseExact: true, isDerived: true }),
    ],
    { mutability: 'readOnly', isHidden: true },
  ),
]
