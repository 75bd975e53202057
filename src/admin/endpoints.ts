import { domainEndpoints } from './domains.ts'
import type { Endpoint } from './endpoint.ts'
import { organizationEndpoints } from './organizations.ts'

/** Every operation of the Admin API. */
export const endpoints: readonly Endpoint[] = [...organizationEndpoints, ...domainEndpoints]
