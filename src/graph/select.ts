import { limits } from '../kernel/index.ts'

/** What is read of everybody: who it is, whether they may sign in, and whether they are a guest. */
const always = ['id', 'userPrincipalName', 'mail', 'accountEnabled', 'userType', 'manager']

/** A Graph name as the mapping has it: a property, or one of a complex property. */
const shape = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$/

/**
 * The `$select` for names of the mapping. A delta tells of changes to selected properties only, the manager
 * among them (reference c2); directory extensions come only when they are selected by their exact name. What
 * has not the form of a name is left out, since it would be part of a URL.
 * @param names flattened, such as `onPremisesExtensionAttributes.extensionAttribute1`
 * @returns names of properties, each once, no more than limits.graphSelectedProperties
 */
export function selectOf(names: readonly string[]): readonly string[] {
  const properties = names.filter((name) => shape.test(name)).map(propertyOf)
  return [...new Set([...always, ...properties])].slice(0, limits.graphSelectedProperties)
}

/** The property that a flattened name is in, or is. */
export function propertyOf(name: string): string {
  return name.split('.', 1)[0] ?? name
}
