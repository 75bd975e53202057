import type { SetupFacts } from '../../admin/index.ts'
import { entra } from './entra.ts'
import { google } from './google.ts'
import type { Guide, Provider } from './guide.ts'
import { keycloak } from './keycloak.ts'
import { okta } from './okta.ts'

export const guides: Readonly<Record<Provider, Guide>> = { entra, okta, google, keycloak }

/** How entityIDs of the other providers look. */
const marks: readonly (readonly [RegExp, Provider])[] = [
  [/^https?:\/\/(?:www\.)?okta\.com\/|\.okta(?:preview)?\.com\//i, 'okta'],
  [/^https:\/\/accounts\.google\.com\//i, 'google'],
  [/\/realms\/[^/]+$/i, 'keycloak'],
]

/** The guide that fits: the one that was chosen, or the one of the connection's provider, or Entra's. */
export function guideFor(chosen: string, { connection }: SetupFacts): Guide {
  if (Object.hasOwn(guides, chosen)) return guides[chosen as Provider]
  const entityId = connection?.idpEntityId ?? ''
  const found = marks.find(([pattern]) => pattern.test(entityId))
  return guides[found === undefined ? 'entra' : found[1]]
}
