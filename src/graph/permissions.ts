import { ok, type Result } from '../kernel/index.ts'
import { type GraphFailure, type GraphPermission, graphPermissions } from './errors.ts'
import { applicationPath } from './path-part.ts'
import { readApplication } from './read-pages.ts'
import type { Transport } from './transport.ts'
import type { PermissionCheck } from './types.ts'

/** What is tried beside reading the application: the smallest reads that need a permission and no other. */
function probes(appId: string): readonly (readonly [GraphPermission, string])[] {
  return [
    // The delta itself, from now on: nobody is read.
    ['User.Read.All', '/users/delta?$select=id&$deltatoken=latest'],
    ['Application.Read.All', `${applicationPath(appId)}/appRoleAssignedTo?$top=1`],
    ['GroupMember.Read.All', '/groups?$top=1&$select=id'],
  ]
}

/**
 * Tries what reconciliation reads, each by itself, so that all that is missing is named at once. What a token
 * claims about roles is not looked at: it is not made for us.
 * @returns the permissions with whether they are there; a failure when Graph cannot be asked at all
 */
export async function checkPermissions(
  transport: Transport,
  appId: string,
): Promise<Result<PermissionCheck, GraphFailure>> {
  const missing = new Set<GraphPermission>()
  for (const [permission, path] of probes(appId)) {
    const answer = await transport.ask(path, { permission, what: 'application' })
    if (answer.ok || answer.failure.code === 'graph.not_found') continue
    if (answer.failure.code !== 'graph.forbidden') return answer
    missing.add(permission)
  }
  const application = await findApplication(transport, appId)
  const code = application.ok ? null : application.failure.code
  if (!application.ok && code !== 'graph.not_found' && code !== 'graph.forbidden') {
    return application
  }
  if (code === 'graph.forbidden') missing.add('Application.Read.All')
  return ok({
    ok: missing.size === 0 && application.ok,
    permissions: graphPermissions.map((name) => ({ name, granted: !missing.has(name) })),
    application: application.ok ? application.value : null,
    applicationFound: code === 'graph.forbidden' ? null : application.ok,
  })
}

/** The enterprise application by its app id, with the roles that assignments name by id. */
export async function findApplication(transport: Transport, appId: string) {
  const path = `${applicationPath(appId)}?$select=id,appRoles,appRoleAssignmentRequired`
  const answer = await transport.ask(path, {
    permission: 'Application.Read.All',
    what: 'application',
  })
  return answer.ok ? readApplication(answer.value) : answer
}
