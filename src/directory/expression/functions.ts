import { conditionFunctions } from './condition-functions.ts'
import { dateFunctions } from './date-functions.ts'
import { searchFunctions } from './search-functions.ts'
import type { FunctionEntry } from './signature.ts'
import { textFunctions } from './text-functions.ts'
import { valueFunctions } from './value-functions.ts'

/**
 * All functions of the expression language: Entra's for provisioning, by their names, and Len, Right and Trim of
 * Entra's other expressions (learn.microsoft.com, functions for customizing application data).
 */
export const expressionFunctions: readonly FunctionEntry[] = [
  ...conditionFunctions,
  ...searchFunctions,
  ...textFunctions,
  ...valueFunctions,
  ...dateFunctions,
].toSorted((a, b) => (a.name < b.name ? -1 : 1))

const now = 'a profile would change with nobody saying anything.'
const random = 'the same statements must always give the same profile.'
const roles = 'app roles give roles by rules, not by attributes.'

/** Functions of Entra that make no sense here, and why. */
export const refusedFunctions: readonly { readonly name: string; readonly why: string }[] = [
  { name: 'AppRoleAssignmentsComplex', why: roles },
  { name: 'AssertiveAppRoleAssignmentsComplex', why: roles },
  {
    name: 'DefaultDomain',
    why: 'the domain of the tenant is not part of a person; write it as a text.',
  },
  { name: 'Guid', why: random },
  { name: 'NormalizeDiacriticsByCulture', why: 'use NormalizeDiacritics, or Replace before it.' },
  { name: 'Now', why: now },
  { name: 'RandomString', why: random },
  { name: 'Redact', why: 'it is for Entra’s own logs.' },
  { name: 'SelectUniqueValue', why: 'a profile depends on one person only.' },
  { name: 'SingleAppRoleAssignment', why: roles },
]
