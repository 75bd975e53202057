import { type AttributeDefinition, builtInAttributes } from './attributes.ts'
import { defaultMapping, type Mapping } from './mapping.ts'

/** What an organization's profiles are resolved by: as of one version of its mapping. */
export type Ruleset = {
  readonly version: number
  /** The built-in ones, then the organization's own. */
  readonly definitions: readonly AttributeDefinition[]
  readonly mapping: Mapping
}

/** The rules before an organization or a connection changes anything. */
export const defaultRuleset: Ruleset = {
  version: 1,
  definitions: builtInAttributes,
  mapping: defaultMapping,
}
