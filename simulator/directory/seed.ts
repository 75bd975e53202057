import { addMember, saveGroup } from './groups.ts'
import { migrate } from './schema.ts'
import { seedId, seedPeople } from './seed-people.ts'
import type { Sql } from './sql.ts'
import { saveUser, type User } from './users.ts'

/** More than Entra puts into a token. */
const projectGroups = 160

type SeedGroup = readonly [name: string, description: string, has: (user: User) => boolean]

const departments = [
  'Marketing',
  'Engineering',
  'Retail',
  'Sales',
  'Finance',
  'Legal',
  'Operations',
]

const seedGroups: readonly SeedGroup[] = [
  [
    'All Contoso',
    'Everybody but Raul Razo: assign it, and he is the one who is not assigned',
    ({ displayName }) => displayName !== 'Raul Razo',
  ],
  ['Executives', 'The management', ({ department }) => department === 'Executive Management'],
  ['App Admins', 'Assign it a role', ({ displayName }) => displayName === 'Megan Bowen'],
  ...departments.map(
    (name): SeedGroup => [name, `Department ${name}`, ({ department }) => department === name],
  ),
]

/** Fills an empty directory. Object ids are the same in every fresh tenant. */
function fill(sql: Sql): void {
  const people = seedPeople()
  for (const user of people) saveUser(sql, user)
  for (const [index, [displayName, description, has]] of seedGroups.entries()) {
    const id = seedId('group', index + 1)
    saveGroup(sql, { id, displayName, description })
    for (const user of people.filter(has)) addMember(sql, id, user.id)
  }
  const leadership = seedId('group', 50)
  saveGroup(sql, {
    id: leadership,
    displayName: 'Leadership',
    description: 'Has a group as member: Executives',
  })
  addMember(sql, leadership, seedId('group', 2))
  const busy = people.find(({ displayName }) => displayName === 'Irvin Sayers')
  for (let n = 1; n <= projectGroups; n++) {
    const id = seedId('group', 100 + n)
    const displayName = `Project ${String(n).padStart(3, '0')}`
    saveGroup(sql, { id, displayName, description: null })
    if (busy !== undefined) addMember(sql, id, busy.id)
  }
}

/** Empties the tenant and fills it again. @param keep what stays as it is */
export function seedTenant(sql: Sql, keep: { readonly apps: boolean }): void {
  const always = ['users', 'user_groups', 'memberships', 'sessions', 'participants', 'flows']
  const rest = [
    ...['sign_ins', 'settings', 'apps', 'app_identifiers', 'assignments', 'certificates'],
    ...['provisioning_jobs', 'provisioning_links', 'provisioning_members'],
    ...['provisioning_retries', 'provisioning_log'],
    ...['registrations', 'graph_tokens', 'graph_assertions', 'stale_assignments'],
    ...['graph_faults', 'graph_counts', 'graph_log'],
  ]
  sql.transaction(() => {
    for (const table of keep.apps ? always : [...always, ...rest]) sql.all(`DELETE FROM ${table}`)
    fill(sql)
    sql.all("INSERT OR REPLACE INTO settings VALUES ('seeded', 'yes')")
  })
}

/** Makes the tables, and the people when the tenant is new. */
export function startTenant(sql: Sql): void {
  migrate(sql)
  const seeded = sql.all("SELECT value FROM settings WHERE key = 'seeded'")
  if (seeded.length === 0) seedTenant(sql, { apps: false })
}
