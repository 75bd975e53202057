import { uuid } from '../keys/index.ts'
import { documentIn, type Sql, type SqlRow } from './sql.ts'
import { tenant } from './tenant.ts'

export type EmployeeOrgData = {
  readonly division: string | null
  readonly costCenter: string | null
}

/** What a directory extension may hold; dates are text. */
export type ExtensionValue = string | number | boolean | readonly string[]

/** A user with Microsoft Graph's property names, and what the simulator needs besides. */
export type User = {
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly givenName: string | null
  readonly surname: string | null
  readonly mail: string | null
  readonly mailNickname: string
  readonly accountEnabled: boolean
  readonly userType: 'Member' | 'Guest'
  readonly jobTitle: string | null
  readonly department: string | null
  readonly employeeId: string | null
  readonly companyName: string | null
  readonly officeLocation: string | null
  readonly businessPhones: readonly string[]
  readonly mobilePhone: string | null
  readonly faxNumber: string | null
  readonly streetAddress: string | null
  readonly city: string | null
  readonly state: string | null
  readonly postalCode: string | null
  readonly country: string | null
  readonly preferredLanguage: string | null
  readonly usageLocation: string | null
  readonly employeeType: string | null
  /** Null when neither is said. */
  readonly employeeOrgData: EmployeeOrgData | null
  readonly managerId: string | null
  /** `extensionAttribute1` to 15, and directory extensions `extension_{appId}_{name}`. */
  readonly extensionAttributes: Readonly<Record<string, ExtensionValue>>
  /** A guest's own provider, and the name they sign in with there. */
  readonly homeIssuer: string | null
  readonly homeSignInName: string | null
  /** How this person proves who they are. */
  readonly authentication: 'password' | 'mfa' | 'passkey' | 'certificate'
}

const nobody: User = {
  id: '',
  userPrincipalName: '',
  displayName: '',
  givenName: null,
  surname: null,
  mail: null,
  mailNickname: '',
  accountEnabled: true,
  userType: 'Member',
  jobTitle: null,
  department: null,
  employeeId: null,
  companyName: null,
  officeLocation: null,
  businessPhones: [],
  mobilePhone: null,
  faxNumber: null,
  streetAddress: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
  preferredLanguage: null,
  usageLocation: null,
  employeeType: null,
  employeeOrgData: null,
  managerId: null,
  extensionAttributes: {},
  homeIssuer: null,
  homeSignInName: null,
  authentication: 'password',
}

/** A user from some properties: a member of this tenant unless they say otherwise. */
export function newUser(given: Partial<User> & Pick<User, 'displayName'>): User {
  const nickname = given.mailNickname ?? given.displayName.replaceAll(/[^A-Za-z0-9]/g, '')
  return {
    ...nobody,
    id: uuid(),
    mailNickname: nickname,
    userPrincipalName: `${nickname}@${tenant.domains[0]}`,
    ...given,
  }
}

/** @returns false when another user has the same user principal name */
export function saveUser(sql: Sql, user: User): boolean {
  const taken = sql.all(
    'SELECT id FROM users WHERE upn = ? AND id <> ?',
    user.userPrincipalName,
    user.id,
  )
  if (taken.length > 0) return false
  sql.all(
    `INSERT INTO users (id, upn, sign_in_name, display_name, doc) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET upn = excluded.upn, sign_in_name = excluded.sign_in_name,
        display_name = excluded.display_name, doc = excluded.doc`,
    user.id,
    user.userPrincipalName,
    user.homeSignInName,
    user.displayName,
    JSON.stringify(user),
  )
  return true
}

/** A user by object id or user principal name, unless deleted. */
export function findUser(sql: Sql, key: string): User | null {
  const [row] = sql.all(
    'SELECT doc FROM users WHERE (id = ? OR upn = ?) AND deleted_at IS NULL LIMIT 1',
    key,
    key,
  )
  return row === undefined ? null : userIn(row)
}

/** Who signs in under a name: by user principal name, or a guest by the name they have at home. */
export function findUserBySignInName(sql: Sql, name: string): User | null {
  const [row] = sql.all(
    'SELECT doc FROM users WHERE (upn = ? OR sign_in_name = ?) AND deleted_at IS NULL LIMIT 1',
    name.trim(),
    name.trim(),
  )
  return row === undefined ? null : userIn(row)
}

/** Users by display name; `search` finds part of a display or user principal name. */
export function listUsers(
  sql: Sql,
  page: { readonly search?: string; readonly limit: number; readonly offset?: number },
): readonly User[] {
  const search = page.search?.toLowerCase() ?? ''
  return sql
    .all(
      `SELECT doc FROM users
        WHERE deleted_at IS NULL
          AND (? = '' OR instr(lower(display_name), ?) > 0 OR instr(lower(upn), ?) > 0)
        ORDER BY display_name, id LIMIT ? OFFSET ?`,
      search,
      search,
      search,
      page.limit,
      page.offset ?? 0,
    )
    .map(userIn)
}

/** A user of the directory from a row of `users`. */
export function userIn(row: SqlRow): User {
  return documentIn(row, nobody)
}
