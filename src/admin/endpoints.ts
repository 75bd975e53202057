import { attributeUseEndpoint } from './attribute-use.ts'
import { attributeEndpoints } from './attributes.ts'
import { connectionEndpoints } from './connections.ts'
import { consequenceEndpoints } from './consequences.ts'
import { decodeEndpoint } from './decode.ts'
import { discoveryEndpoints } from './discovery.ts'
import { domainEndpoints } from './domains.ts'
import { driftEndpoints } from './drift.ts'
import { encryptionKeyEndpoints } from './encryption-keys.ts'
import type { Endpoint } from './endpoint.ts'
import { eventEndpoints } from './events.ts'
import { graphEndpoints } from './graph.ts'
import { groupEndpoints } from './groups.ts'
import { healthEndpoints } from './health.ts'
import { mappingEndpoints } from './mapping.ts'
import { metadataEndpoints } from './metadata.ts'
import { organizationEndpoints } from './organizations.ts'
import { reconcileRunEndpoints } from './reconcile-runs.ts'
import { reconcileSettingsEndpoints } from './reconcile-settings.ts'
import { recoveryLinkEndpoints } from './recovery-links.ts'
import { refusalCountEndpoints } from './refusal-counts.ts'
import { rotateKeysEndpoint } from './rotate-keys.ts'
import { scimClientEndpoints } from './scim-clients.ts'
import { scimSecretEndpoints } from './scim-secrets.ts'
import { scimTokenEndpoints } from './scim-tokens.ts'
import { sessionEndpoints } from './sessions.ts'
import { setupEndpoints } from './setup.ts'
import { setupLinkEndpoints } from './setup-links.ts'
import { statisticsEndpoints } from './statistics.ts'
import { supportBundleEndpoint } from './support-bundle.ts'
import { testSignInEndpoints } from './test-sign-ins.ts'
import { testerEndpoints } from './testers.ts'
import { timelineEndpoint } from './timeline.ts'
import { tombstoneEndpoints } from './tombstones.ts'
import { userEndpoints } from './users.ts'

/** Every operation of the Admin API. */
export const endpoints: readonly Endpoint[] = [
  ...organizationEndpoints,
  ...setupEndpoints,
  ...domainEndpoints,
  ...connectionEndpoints,
  rotateKeysEndpoint,
  ...metadataEndpoints,
  ...testerEndpoints,
  ...testSignInEndpoints,
  decodeEndpoint,
  ...attributeEndpoints,
  attributeUseEndpoint,
  ...mappingEndpoints,
  ...userEndpoints,
  timelineEndpoint,
  ...groupEndpoints,
  ...sessionEndpoints,
  ...tombstoneEndpoints,
  ...recoveryLinkEndpoints,
  ...setupLinkEndpoints,
  ...scimTokenEndpoints,
  ...scimClientEndpoints,
  ...scimSecretEndpoints,
  ...graphEndpoints,
  ...reconcileRunEndpoints,
  ...driftEndpoints,
  ...reconcileSettingsEndpoints,
  ...eventEndpoints,
  supportBundleEndpoint,
  ...refusalCountEndpoints,
  ...healthEndpoints,
  ...statisticsEndpoints,
  ...consequenceEndpoints,
  ...discoveryEndpoints,
  ...encryptionKeyEndpoints,
]
