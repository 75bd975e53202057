import type { ConsoleRoute } from '../route.ts'
import { adminRoutes } from './admins-routes.tsx'
import { certificateRoutes } from './certificates-routes.tsx'
import { connectionRoutes } from './connections-routes.tsx'
import { graphRoutes } from './graph-routes.tsx'
import { linkRoutes } from './links-routes.tsx'
import { operatorRoutes } from './operator-routes.tsx'
import { organizationRoutes } from './organization-routes.tsx'
import { recoveryRoutes } from './recovery-routes.tsx'
import { scimRoutes } from './scim-routes.tsx'
import { sessionRoutes } from './sessions-routes.tsx'

/** Everything about an organization that is set rather than found, and the operator's own page. */
export const settingsRoutes: readonly ConsoleRoute[] = [
  ...organizationRoutes,
  ...connectionRoutes,
  ...certificateRoutes,
  ...scimRoutes,
  ...graphRoutes,
  ...adminRoutes,
  ...sessionRoutes,
  ...linkRoutes,
  ...recoveryRoutes,
  ...operatorRoutes,
]
