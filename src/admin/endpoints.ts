import { connectionEndpoints } from './connections.ts'
import { domainEndpoints } from './domains.ts'
import type { Endpoint } from './endpoint.ts'
import { organizationEndpoints } from './organizations.ts'
import { rotateKeysEndpoint } from './rotate-keys.ts'
import { testerEndpoints } from './testers.ts'

/** Every operation of the Admin API. */
export const endpoints: readonly Endpoint[] = [
  ...organizationEndpoints,
  ...domainEndpoints,
  ...connectionEndpoints,
  rotateKeysEndpoint,
  ...testerEndpoints,
]
