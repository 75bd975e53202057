import { attributesRoutes } from './attributes/routes.tsx'
import { decoderRoutes } from './decoder/routes.tsx'
import { eventsRoutes } from './events/routes.tsx'
import { groupsRoutes } from './groups/routes.tsx'
import { overviewRoutes } from './overview/routes.tsx'
import { peopleRoutes } from './people/routes.tsx'
import { reconciliationRoutes } from './reconciliation/routes.tsx'
import { rolloutRoutes } from './rollout/routes.tsx'
import type { ConsoleRoute } from './route.ts'
import { settingsRoutes } from './settings/routes.tsx'
import { setupRoutes } from './setup/routes.tsx'
import { testSignInRoutes } from './test-sign-in/routes.tsx'

/** Every page of the console, and every target of a form. */
export const pages: readonly ConsoleRoute[] = [
  ...overviewRoutes,
  ...attributesRoutes,
  ...reconciliationRoutes,
  ...rolloutRoutes,
  ...setupRoutes,
  ...testSignInRoutes,
  ...decoderRoutes,
  ...settingsRoutes,
  ...peopleRoutes,
  ...groupsRoutes,
  ...eventsRoutes,
]
