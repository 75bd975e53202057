import { shownVersion } from '../form.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, url } from '../show.tsx'
import { type AdminGroup, AdminsPage } from './admins-page.tsx'
import { showSettings } from './frame.tsx'
import { adminRole, readRules } from './role-rules.ts'
import type { Sent } from './sent.ts'

const path = '/o/{org}/settings/admins'

export const adminRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: (request) => showAdmins(request, null) },
  { method: 'post', path, handle: changeRules },
]

async function showAdmins(request: ConsoleRequest, sent: Sent | null): Promise<Response> {
  return showSettings(request, {
    page: 'admins',
    status: sent?.problem.status ?? 200,
    children: (
      <AdminsPage
        request={request}
        rules={sent === null ? request.org.roleRules : readRules(sent.fields)}
        groups={await adminGroups(request)}
        sent={sent}
      />
    ),
  })
}

async function changeRules(request: ConsoleRequest): Promise<Response> {
  // Without a single row it was not this page's form, and would take the role from everybody.
  if (!request.form.has('value.0'))
    return go(request, url(request, '/settings/admins'), 'unchanged')
  const body = { roleRules: readRules(request.form), ...shownVersion(request.form) }
  const changed = await request.call('changeOrganization', { body })
  return changed.ok
    ? go(request, url(request, '/settings/admins'), 'saved')
    : showAdmins(request, { form: 'rules', fields: request.form, problem: changed.problem })
}

type Group = {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
}
type Member = { readonly id: string; readonly type: string; readonly display: string | null }
type Listed<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

/** Rules that are looked up, and members of each that are shown: enough to recognize who it is. */
const mostRules = 5
const mostMembers = 20

/**
 * The groups that make admins, as far as provisioning made them: by id, or by their name. A name that no group has
 * may stand in the lists of sign-ins, which nobody can look up.
 */
async function adminGroups(request: ConsoleRequest): Promise<readonly AdminGroup[]> {
  const named = request.org.roleRules.flatMap(({ role, group }) =>
    role === adminRole && group !== undefined ? [group] : [],
  )
  const found = await Promise.all(named.slice(0, mostRules).map((name) => groupOf(request, name)))
  const groups = new Map(found.flatMap((list) => list.map((group) => [group.id, group])))
  return Promise.all([...groups.values()].slice(0, mostRules).map((g) => withMembers(request, g)))
}

async function groupOf(request: ConsoleRequest, name: string): Promise<readonly Group[]> {
  const byName = await request.call<Listed<Group>>('listGroups', {
    query: { search: name, limit: '5' },
  })
  const items = byName.ok ? byName.value.items : []
  const same = items.filter(
    ({ displayName }) => displayName.toLowerCase() === name.trim().toLowerCase(),
  )
  if (same.length > 0 || !name.startsWith('grp_')) return same
  const byId = await request.call<Group>('getGroup', { params: { group: name } })
  return byId.ok ? [byId.value] : []
}

async function withMembers(request: ConsoleRequest, group: Group): Promise<AdminGroup> {
  const listed = await request.call<Listed<Member>>('listMembers', {
    params: { group: group.id },
    query: { limit: String(mostMembers) },
  })
  const people = listed.ok ? listed.value.items.filter(({ type }) => type === 'user') : []
  return {
    id: group.id,
    name: group.displayName,
    members: people.map(({ id, display }) => ({ id, name: display ?? id })),
    isMore: listed.ok && listed.value.nextCursor !== null,
  }
}
