import type { Child } from 'hono/jsx'
import type { Rolled } from './rollout-page.tsx'

/** A connection with whom it trusts. */
export type Trusted = Rolled & {
  readonly version: number
  readonly idp: {
    readonly entityId: string
    readonly ssoUrl: string
    readonly certificates: readonly {
      readonly sha256: string
      readonly origin: 'manual' | 'metadata'
      readonly addedAt: string
      readonly retiredAt: string | null
    }[]
  }
}

/**
 * Whose word will count, for whoever opens a connection: issuer, host, and each key with where it came from. They
 * may have been entered by somebody else, and a key nobody knows is another way in as anybody.
 */
export function trustFacts(
  { idp }: Trusted,
  to: string,
): readonly (readonly [label: string, value: Child])[] {
  if (to !== 'testing' && to !== 'active') return []
  const keys = idp.certificates.filter(({ retiredAt }) => retiredAt === null)
  return [
    ['Issuer', <code>{idp.entityId}</code>],
    ['People are sent to', <code>{URL.parse(idp.ssoUrl)?.host ?? idp.ssoUrl}</code>],
    [
      'Trusted keys (SHA-256)',
      <ul>
        {keys.map(({ sha256, origin, addedAt }) => (
          <li>
            <code>{sha256}</code> {origin === 'manual' ? 'entered by hand' : 'from metadata'},{' '}
            {addedAt.slice(0, 10)}
          </li>
        ))}
      </ul>,
    ],
  ]
}
