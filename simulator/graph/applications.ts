import { createHash } from 'node:crypto'
import { type App, findApp, listApps, type Sql, textIn } from '../directory/index.ts'
import type { World } from '../world.ts'
import { type AllowedCall, answer, type GraphAnswer, notFound, selected } from './call.ts'
import { answerList, type ListPage, readListPage } from './paging.ts'

const defaultRole = '00000000-0000-0000-0000-000000000000'
const assignedAt = '2026-01-05T08:00:00Z'

/** The object id of an application's service principal, which is not its appId. */
export function servicePrincipalId(appId: string): string {
  const hex = createHash('sha256').update(`service principal ${appId}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`]
    .concat(hex.slice(20, 32))
    .join('-')
}

/** An application by what stands behind `/servicePrincipals`: `(appId='…')` or `/{object id}`. */
function findServicePrincipal(sql: Sql, key: string): App | null {
  const appId = /^\(appId='([^']*)'\)$/i.exec(key)?.[1]
  if (appId !== undefined) return findApp(sql, appId)
  return listApps(sql).find((app) => `/${servicePrincipalId(app.appId)}` === key) ?? null
}

/** Answers `GET /servicePrincipals(appId='…')`. */
export function answerServicePrincipal(world: World, call: AllowedCall): GraphAnswer {
  const [key = ''] = call.parts
  const app = findServicePrincipal(world.sql, key)
  if (app === null) return notFound(key)
  const all: Readonly<Record<string, unknown>> = {
    id: servicePrincipalId(app.appId),
    appId: app.appId,
    displayName: app.displayName,
    accountEnabled: true,
    appRoleAssignmentRequired: app.assignmentRequired,
    servicePrincipalType: 'Application',
    appRoles: app.appRoles.map(({ id, value, displayName }) => ({
      allowedMemberTypes: ['User'],
      description: displayName,
      displayName,
      id,
      isEnabled: true,
      origin: 'Application',
      value,
    })),
  }
  const shown = selected(all, call.query, 'microsoft.graph.servicePrincipal')
  if (!shown.ok) return shown.failure
  const context = `${world.baseUrl}/v1.0/$metadata#servicePrincipals/$entity`
  return answer({ '@odata.context': context, ...shown.value })
}

/** Answers `GET /servicePrincipals(appId='…')/appRoleAssignedTo`: users and groups, without deleted users. */
export function answerAssignments(world: World, call: AllowedCall): GraphAnswer {
  const [key = ''] = call.parts
  const app = findServicePrincipal(world.sql, key)
  if (app === null) return notFound(key)
  const page = readListPage(world, call, ['$select'])
  if (!page.ok) return page.failure
  const isStale = call.fault?.effect === 'stale'
  const found: { readonly place: string; readonly shown: object }[] = []
  for (const one of readAssignments(world.sql, { app, isStale }, page.value)) {
    const shown = selected(one.shown, call.query, 'microsoft.graph.appRoleAssignment')
    if (!shown.ok) return shown.failure
    found.push({ place: one.place, shown: shown.value })
  }
  return answerList(world, call, { found, page: page.value, context: 'appRoleAssignments' })
}

function readAssignments(
  sql: Sql,
  { app, isStale }: { readonly app: App; readonly isStale: boolean },
  { after, limit }: ListPage,
) {
  const [principal = '', role = ''] = after.split(' ')
  const rows = sql.all(
    `SELECT a.principal_id, a.role_id, u.display_name AS person, g.display_name AS group_name
      FROM ${isStale ? 'stale_assignments' : 'assignments'} a
      LEFT JOIN users u ON u.id = a.principal_id AND u.deleted_at IS NULL
      LEFT JOIN user_groups g ON g.id = a.principal_id
      WHERE a.app_id = ? AND (a.principal_id, a.role_id) > (?, ?)
        AND (u.id IS NOT NULL OR g.id IS NOT NULL)
      ORDER BY a.principal_id, a.role_id LIMIT ?`,
    app.appId,
    principal,
    role,
    limit + 1,
  )
  return rows.map((row) => {
    const [principalId, roleId] = [textIn(row, 'principal_id'), textIn(row, 'role_id')]
    const name = row['person'] ?? row['group_name']
    const id = createHash('sha256')
      .update(`${app.appId} ${principalId} ${roleId}`)
      .digest('base64url')
    return {
      place: `${principalId} ${roleId}`,
      shown: {
        id,
        deletedDateTime: null,
        appRoleId: roleId || defaultRole,
        createdDateTime: assignedAt,
        principalDisplayName: name,
        principalId,
        principalType: row['person'] === null ? 'Group' : 'User',
        resourceDisplayName: app.displayName,
        resourceId: servicePrincipalId(app.appId),
      },
    }
  })
}
