import type { ConsoleRoute } from '../route.ts'
import { certificateRoutes } from './certificates-routes.tsx'
import { connectionRoutes } from './connections-routes.tsx'
import { graphRoutes } from './graph-routes.tsx'
import { organizationRoutes } from './organization-routes.tsx'
import { scimRoutes } from './scim-routes.tsx'

/** Everything about an organization that is set rather than found. */
export const settingsRoutes: readonly ConsoleRoute[] = [
  ...organizationRoutes,
  ...connectionRoutes,
  ...certificateRoutes,
  ...scimRoutes,
  ...graphRoutes,
]
