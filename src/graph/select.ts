import { graphProperties } from '../directory/index.ts'

export { graphPropertyOf as propertyOf } from '../directory/index.ts'

/**
 * The `$select` for names of the mapping. A delta tells of changes to selected properties only, the manager
 * among them (reference c2); directory extensions come only when they are selected by their exact name. What
 * is no name of Graph is left out: the mapping refuses it before it is stored.
 * @param names flattened, such as `onPremisesExtensionAttributes.extensionAttribute1`
 * @returns names of properties, each once, no more than limits.graphSelectedProperties
 */
export function selectOf(names: readonly string[]): readonly string[] {
  return graphProperties(names).properties
}
