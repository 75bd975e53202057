import { limits } from '../kernel/index.ts'

/** What is read of everybody: who it is, whether they may sign in, and whether they are a guest. */
const always = ['id', 'userPrincipalName', 'mail', 'accountEnabled', 'userType', 'manager']

/** A Graph name as the mapping has it: a property, or one of a complex property. */
const shape = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$/

/**
 * Whether a name of the mapping can be read of Graph at all. It becomes part of a URL, so it has a strict form; and
 * of a manager there is the object id alone.
 * @param name flattened, such as `onPremisesExtensionAttributes.extensionAttribute1`
 */
export function isGraphName(name: string): boolean {
  return shape.test(name) && !name.startsWith('manager.')
}

/** The property that a flattened name is in, or is. */
export function graphPropertyOf(name: string): string {
  return name.split('.', 1)[0] ?? name
}

/**
 * The properties of a user that names of the mapping are read from, with those that are always read: each once, and
 * no more than `limits.graphSelectedProperties`. What is no name of Graph is left out.
 * @returns the properties, and whether there was room for all of them
 */
export function graphProperties(names: readonly string[]): {
  readonly properties: readonly string[]
  readonly isAll: boolean
} {
  const all = [...new Set([...always, ...names.filter(isGraphName).map(graphPropertyOf)])]
  const properties = all.slice(0, limits.graphSelectedProperties)
  return { properties, isAll: properties.length === all.length }
}
