import type { Filter } from '../filter/filter.ts'
import { isIgnored } from '../resource/assign.ts'
import type { JsonObject } from '../resource/json.ts'
import { readMembers } from '../resource/members.ts'
import { placeOf } from '../resource/place.ts'
import { unpackRole } from '../resource/role.ts'
import { canonicalValue, unwrapped } from '../resource/values.ts'

/** A way in which clients leave RFC 7644 3.5.2: the documented operation, and the function that reads it. */
type Dialect = { readonly source: string; readonly request: object; readonly rule: unknown }

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/**
 * Every deviation that PATCH accepts, always and from everybody: Entra switches between its two dialects by
 * a flag in the tenant URL that on-demand provisioning ignores. A test holds each request here against the
 * fixtures, so that none is claimed that is not tried.
 */
export const dialects = {
  opInAnyCase: {
    source: 'entra.md a4, default dialect',
    request: { op: 'Replace', path: 'displayName', value: 'Ann B' },
    rule: (op: string) => op.toLowerCase(),
  },
  booleanAsText: {
    source: 'entra.md a4, default dialect; row 2',
    request: { op: 'Replace', path: 'active', value: 'False' },
    rule: canonicalValue,
  },
  wrappedValue: {
    source: 'MicrosoftDocs/azure-docs#42220: what clients built with the library of Microsoft send',
    request: { op: 'Replace', path: 'displayName', value: [{ $ref: null, value: 'User X' }] },
    rule: unwrapped,
  },
  elementThatIsNotThere: {
    source: 'entra.md 0.4; row 5: RFC 7644 would answer noTarget',
    request: { op: 'Replace', path: 'emails[type eq "work"].value', value: 'annb@contoso.com' },
    rule: describedBy,
  },
  listedRemoval: {
    source: 'entra.md a6, default dialect; row 1: RFC 7644 would remove everybody',
    request: { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'usr_ann' }] },
    rule: removesListed,
  },
  namesAsPaths: {
    source: 'entra.md a4, flag dialect',
    request: {
      op: 'replace',
      value: { displayName: 'Ann B', 'name.givenName': 'Ann', [`${enterprise}:department`]: 'IT' },
    },
    rule: isFilteredName,
  },
  readOnlyWithoutPath: {
    source: 'Okta, a pushed group is renamed with its id beside its name',
    request: { op: 'replace', value: { id: 'grp_ops', displayName: 'Test SCIMv3' } },
    rule: isIgnored,
  },
  managerAsText: {
    source: 'entra.md a4, Manager; row 3',
    request: { op: 'Add', path: `${enterprise}:manager`, value: 'usr_boss' },
    rule: canonicalValue,
  },
  enterpriseWithoutUrn: {
    source: 'entra.md a4, Manager, as Microsoft documents it',
    request: {
      op: 'Replace',
      path: 'manager',
      value: [{ $ref: '../Users/usr_boss', value: 'usr_boss' }],
    },
    rule: placeOf,
  },
  roleAsJson: {
    source: 'entra.md a4, AppRoleAssignmentsComplex; row 16',
    request: {
      op: 'Add',
      path: 'roles',
      value: [{ value: '{"id":"06b0","value":"Admin","displayName":"Admin"}' }],
    },
    rule: unpackRole,
  },
  membersInAnyShape: {
    source: 'entra.md a6, "tolerate value as a bare string"',
    request: { op: 'Add', path: 'members', value: 'usr_ann' },
    rule: readMembers,
  },
} satisfies Readonly<Record<string, Dialect>>

/**
 * What a filter says an element is, so that one can be made: `type` and `primary` by `eq`, joined by `and`.
 * @returns null for any other filter, which only finds
 */
export function describedBy(filter: Filter): JsonObject | null {
  if (filter.kind === 'and') {
    const all = filter.filters.map(describedBy)
    return all.includes(null) ? null : Object.assign({}, ...all)
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return null
  const { name } = filter.path.attribute
  const isKind = /^(?:type|primary)$/i.test(name) && filter.value !== null
  return isKind ? { [name]: filter.value } : null
}

/** Whether a `remove` says what it removes: an empty list names nothing, null is no value. */
export function removesListed({ op, value }: { op: string; value: unknown }): boolean {
  return op === 'remove' && value !== undefined && value !== null && value !== ''
}

/** Whether a name in the value of an operation without a path has a filter, as paths have. */
export function isFilteredName(name: string): boolean {
  return name.includes('[')
}
