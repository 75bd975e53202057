import { allGuides } from '#guides'
import type { SetupFacts } from '../../admin/index.ts'
import type { Deps } from '../../http/index.ts'
import type { Guide, Guides, Provider } from './guide.ts'

/** How entityIDs of the other providers look. */
const marks: readonly (readonly [RegExp, Provider])[] = [
  [/^https?:\/\/(?:www\.)?okta\.com\/|\.okta(?:preview)?\.com\//i, 'okta'],
  [/^https:\/\/accounts\.google\.com\//i, 'google'],
  [/\/realms\/[^/]+$/i, 'keycloak'],
]

/** The guide that fits: the one that was chosen, or the one of the connection's provider, or Entra's. */
export function guideFor(guides: Guides, chosen: string, { connection }: SetupFacts): Guide {
  if (Object.hasOwn(guides, chosen)) return guides[chosen as Provider]
  const entityId = connection?.idpEntityId ?? ''
  const found = marks.find(([pattern]) => pattern.test(entityId))
  return guides[found === undefined ? 'entra' : found[1]]
}

/** Nothing in the Worker, which carries no words that only one page shows (docs/decisions/0017). */
const carried: Guides | null = allGuides

let read: Promise<Guides> | null = null

/** The guides, read once per isolate from the file beside the stylesheet. */
export function loadGuides({ readAsset }: Deps): Promise<Guides> {
  if (carried !== null) return Promise.resolve(carried)
  read ??= (readAsset('/guides.json') as Promise<Guides>).catch((outage: unknown) => {
    // The next request asks again.
    read = null
    throw outage
  })
  return read
}
