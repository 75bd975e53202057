import { err, ok, type Result } from '../result.ts'
import { type Failure, failure } from './failure.ts'
import { isResource, property, type Resource } from './target-path.ts'

/** An object of the application. */
export type Target = { readonly id: string; readonly resource: Resource }

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/** Attributes that must be of a JSON type for an answer to be readable. */
const shapes: readonly (readonly [name: string, is: (value: unknown) => boolean, what: string])[] =
  [
    ['id', (value) => typeof value === 'string', 'a string'],
    ['userName', (value) => typeof value === 'string', 'a string'],
    ['active', (value) => typeof value === 'boolean', 'true or false'],
    ['displayName', (value) => typeof value === 'string', 'a string'],
    ['externalId', (value) => typeof value === 'string', 'a string'],
    ['name', isResource, 'an object'],
    ['meta', isResource, 'an object'],
    [enterprise, isResource, 'an object'],
    ...['emails', 'phoneNumbers', 'addresses', 'roles', 'members', 'schemas'].map(
      (name) => [name, Array.isArray, 'an array'] as const,
    ),
  ]

/** An object as an answer has it. @returns failures for what cannot be read, as a manager that is text */
export function readTarget(
  json: unknown,
  expects: { readonly members: 'allowed' | 'excluded' },
): Result<Target, Failure> {
  if (!isResource(json)) return unreadable('it is no JSON object')
  for (const [name, is, what] of shapes) {
    const value = property(json, name)
    const isAbsent = value === undefined || value === null
    if (!isAbsent && !is(value)) return unreadable(`${name} is not ${what}`)
  }
  const manager = property(property(json, enterprise), 'manager')
  if (manager !== undefined && manager !== null && !isResource(manager)) {
    return unreadable('manager is not an object with a value')
  }
  const id = property(json, 'id')
  if (typeof id !== 'string' || id === '') return unreadable('it has no id')
  const members = property(json, 'members')
  if (expects.members === 'excluded' && Array.isArray(members) && members.length > 0) {
    return err(
      failure('multiple', 'The answer has members although excludedAttributes=members was asked.'),
    )
  }
  return ok({ id, resource: json })
}

/** The single object that a filter found, or null. */
export function readMatch(
  json: unknown,
  expects: { readonly members: 'allowed' | 'excluded' },
): Result<Target | null, Failure> {
  if (!isResource(json)) return unreadable('it is no JSON object')
  const schemas = property(json, 'schemas')
  if (!Array.isArray(schemas) || !schemas.includes(listSchema)) {
    return unreadable(`schemas does not have ${listSchema}`)
  }
  for (const name of ['totalResults', 'startIndex', 'itemsPerPage']) {
    const value = property(json, name)
    const isOptional = name !== 'totalResults' && value === undefined
    if (!isOptional && !Number.isInteger(value)) return unreadable(`${name} is not an integer`)
  }
  const total = Number(property(json, 'totalResults'))
  const resources = property(json, 'Resources') ?? []
  if (!Array.isArray(resources)) return unreadable('Resources is not an array')
  if (total > 1 || resources.length > 1) {
    return err(failure('duplicates', `${Math.max(total, resources.length)} objects match.`))
  }
  if (total === 0 && resources.length === 0) return ok(null)
  if (resources.length === 0) return unreadable('totalResults is 1, but Resources has nothing')
  return readTarget(resources[0], expects)
}

function unreadable(what: string): { readonly ok: false; readonly failure: Failure } {
  return err(failure('incompatible', `The answer could not be read: ${what}.`))
}
