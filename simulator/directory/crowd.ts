import { addMember, saveGroup } from './groups.ts'
import type { Sql } from './sql.ts'
import { newUser, saveUser, type User } from './users.ts'

/** How many of each, and the number of the first. */
export type Crowd = { readonly people: number; readonly groups: number; readonly from: number }

const departments = ['Production', 'Research', 'Services', 'Support', 'Warehouse'] as const
const managersEvery = 50
/** The group that has all of them; assigning it brings the crowd into scope. */
const everybodysGroup = 'd1000000-0000-4000-8000-000000000000'

const padded = (n: number, digits: number) => String(n).padStart(digits, '0')
const userId = (n: number) => `c1000000-0000-4000-8000-${padded(n, 12)}`
const groupId = (n: number) => `d1000000-0000-4000-8000-${padded(n, 12)}`

/**
 * Makes numbered people and groups; the same numbers give the same again. Person n is in group `n` modulo the
 * number of groups, all are in the group Crowd, and every fiftieth is the manager of those after them.
 * @returns the ids of the first and last person, and of the group with everybody
 */
export function makeCrowd(sql: Sql, crowd: Crowd) {
  const { people, groups, from } = crowd
  sql.transaction(() => {
    saveGroup(sql, { id: everybodysGroup, displayName: 'Crowd', description: 'Everybody invented' })
    for (let n = from; n < from + groups; n++) {
      saveGroup(sql, { id: groupId(n), displayName: `Crowd ${padded(n, 5)}`, description: null })
    }
    for (let n = from; n < from + people; n++) {
      saveUser(sql, invented(n))
      addMember(sql, everybodysGroup, userId(n))
      if (groups > 0) addMember(sql, groupId(from + (n % groups)), userId(n))
    }
  })
  return {
    people,
    groups,
    firstId: people === 0 ? null : userId(from),
    lastId: people === 0 ? null : userId(from + people - 1),
    groupId: everybodysGroup,
  }
}

function invented(n: number): User {
  const name = `person${padded(n, 6)}`
  const manager = n - (n % managersEvery)
  return newUser({
    id: userId(n),
    displayName: `Person ${padded(n, 6)}`,
    givenName: 'Person',
    surname: padded(n, 6),
    mailNickname: name,
    userPrincipalName: `${name}@contoso.com`,
    mail: `${name}@contoso.com`,
    jobTitle: `Job ${n % 40}`,
    department: departments[n % departments.length] ?? null,
    employeeId: String(100_000 + n),
    officeLocation: `${n % 30}/${n % 900}`,
    city: `City ${n % 12}`,
    country: 'Nowhere',
    postalCode: padded(n % 100_000, 5),
    preferredLanguage: 'en-US',
    businessPhones: [`+1 555 ${padded(n, 7)}`],
    managerId: manager === n || manager < 1 ? null : userId(manager),
  })
}
