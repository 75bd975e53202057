import { homeTenant } from './tenant.ts'
import { newUser, type User } from './users.ts'

type Row = readonly [name: string, jobTitle: string, department: string, about?: Partial<User>]

/** The people of Microsoft's sample tenants. Row n has the object id that ends in n. */
const rows: readonly Row[] = [
  ['Adele Vance', 'Retail Manager', 'Retail'],
  ['Alex Wilber', 'Marketing Assistant', 'Marketing'],
  ['Megan Bowen', 'Marketing Manager', 'Marketing'],
  ['Lynne Robbins', 'Planner', 'Retail'],
  ['Patti Fernandez', 'President', 'Executive Management', { faxNumber: '+1 425 555 0199' }],
  ['Diego Siciliani', 'HR Manager', 'HR'],
  ['Grady Archie', 'Designer', 'Engineering'],
  ['Henrietta Mueller', 'Developer', 'Engineering', { authentication: 'passkey' }],
  ['Isaiah Langer', 'Sales Rep', 'Sales', { authentication: 'certificate' }],
  ['Johanna Lorenz', 'Senior Engineer', 'Engineering'],
  ['Joni Sherman', 'Paralegal', 'Legal'],
  ['Lee Gu', 'Director', 'Manufacturing'],
  ['Lidia Holloway', 'Product Manager', 'Engineering'],
  ['Miriam Graham', 'Director', 'Marketing'],
  ['Nestor Wilke', 'Director', 'Operations'],
  ['Allan Deyoung', 'IT Admin', 'IT', { authentication: 'mfa' }],
  ['Pradeep Gupta', 'Accountant', 'Finance', { mail: null }],
  ['Delia Dennis', 'Analyst', 'Finance', { accountEnabled: false }],
  ['Irvin Sayers', 'Project Manager', 'Engineering'],
  ['Raul Razo', 'Contractor', 'Operations'],
]

/** An object id that says what it is and is the same in every fresh tenant. */
export function seedId(kind: 'user' | 'group', n: number): string {
  const first = kind === 'user' ? 'a0000000' : 'b0000000'
  return `${first}-0000-4000-8000-${String(n).padStart(12, '0')}`
}

const managers: Readonly<Record<string, number>> = {
  Marketing: 14,
  Engineering: 13,
  Retail: 1,
}

/** Everybody in a fresh tenant. */
export function seedPeople(): readonly User[] {
  const members = rows.map(([displayName, jobTitle, department, about], index) => {
    const [givenName = '', surname = ''] = displayName.split(' ')
    const nickname = givenName + surname.slice(0, 1)
    const manager = managers[department] ?? 5
    return newUser({
      id: seedId('user', index + 1),
      displayName,
      givenName,
      surname,
      mailNickname: nickname,
      userPrincipalName: `${nickname}@contoso.com`,
      mail: `${nickname}@contoso.com`,
      jobTitle,
      department,
      employeeId: String(1001 + index),
      companyName: 'Contoso',
      officeLocation: `${12 + (index % 7)}/${1100 + index}`,
      businessPhones: [`+1 425 555 ${String(100 + index).padStart(4, '0')}`],
      mobilePhone: `+1 206 555 ${String(100 + index).padStart(4, '0')}`,
      streetAddress: `${100 + index} Pine Street`,
      postalCode: '98101',
      city: 'Seattle',
      state: 'WA',
      country: 'United States',
      preferredLanguage: 'en-US',
      managerId: index === 4 ? null : seedId('user', manager === index + 1 ? 5 : manager),
      ...about,
    })
  })
  const guest = newUser({
    id: seedId('user', 21),
    displayName: 'Brian Johnson (Fabrikam)',
    givenName: 'Brian',
    surname: 'Johnson',
    mailNickname: 'brianj_fabrikam.com#EXT#',
    userPrincipalName: 'brianj_fabrikam.com#EXT#@contoso.onmicrosoft.com',
    // Another person's address: a guest's mail proves nothing.
    mail: 'PattiF@contoso.com',
    userType: 'Guest',
    companyName: 'Fabrikam',
    homeIssuer: homeTenant.issuer,
    homeSignInName: 'brianj@fabrikam.com',
  })
  return [...members, guest]
}
