import { limits } from '../kernel/index.ts'
import type { Certificate } from '../xmldsig/index.ts'
import { appIdOf } from './entra-tenant.ts'
import type { IdpMetadata } from './metadata-read.ts'

/** A certificate as the connection holds it. */
export type HeldCertificate = {
  /** Fingerprint, lower-case hexadecimal. */
  readonly sha256: string
  /** One that an admin gave by hand is never retired because some metadata lacks it. */
  readonly origin: 'manual' | 'metadata'
  /** When it last verified a sign-in. */
  readonly lastVerifiedAtMs: number | null
  /** Set when it vanished from the metadata: the earliest moment at which it may go. */
  readonly retireAtMs: number | null
  /** Set when an admin retired it: then no metadata brings it back. */
  readonly retiredAtMs: number | null
}

/** What a connection holds of its identity provider. */
export type HeldMetadata = {
  readonly ssoUrl: string
  readonly ssoBinding: 'redirect' | 'post'
  readonly sloUrl: string | null
  readonly sloResponseUrl: string | null
  readonly certificates: readonly HeldCertificate[]
}

/**
 * Who vouches for fetched metadata: Entra's own address for this tenant and application, a pinned key, or
 * nobody but the server it came from.
 */
export type MetadataTrust = 'entra' | 'signed' | 'none'

type FetchedUrls = Pick<IdpMetadata, 'ssoRedirectUrl' | 'ssoPostUrl' | 'sloUrl' | 'sloResponseUrl'>

export type Decision = 'auto' | 'needs_approval'

export type UrlChange = 'change_sso_url' | 'change_slo_url' | 'change_slo_response_url'

export type MetadataChange =
  | {
      readonly kind: 'add_certificate'
      readonly certificate: Certificate
      readonly decision: Decision
    }
  /** The certificate is in the metadata again. */
  | { readonly kind: 'keep_certificate'; readonly sha256: string; readonly decision: 'auto' }
  /** The certificate is gone from the metadata; it stays trusted at least until then (`isRetired`). */
  | {
      readonly kind: 'schedule_retirement'
      readonly sha256: string
      readonly retireAtMs: number
      readonly decision: 'auto'
    }
  /** The certificate is retired, and its row may go. */
  | { readonly kind: 'retire_certificate'; readonly sha256: string; readonly decision: 'auto' }
  | {
      readonly kind: UrlChange
      readonly from: string | null
      readonly to: string | null
      /** For `change_sso_url`: by which binding requests go there. */
      readonly ssoBinding?: HeldMetadata['ssoBinding']
      readonly decision: 'needs_approval'
    }

/** How long a vanished certificate stays trusted at least. */
export const retirementDelayMs = 7 * 24 * 60 * 60 * 1000

/**
 * Who vouches for metadata. An address counts as Entra's only when every URL on the way to it was, named
 * this tenant in its path and one application in `appid`.
 * @param input.urls every URL that was asked, in order
 */
export function metadataTrust(input: {
  readonly urls: readonly string[]
  readonly metadata: Pick<IdpMetadata, 'signature' | 'tenantId'>
  readonly entraLoginUrl: string
}): MetadataTrust {
  const { urls, metadata, entraLoginUrl } = input
  const { signature, tenantId } = metadata
  if (typeof signature === 'object') return 'signed'
  if (tenantId === null || urls.length === 0) return 'none'
  const home = `${entraLoginUrl}/${tenantId}/federationmetadata/`
  const apps = urls.map((text) => {
    const url = URL.parse(text)
    // The parsed URL, because `..` and `@` in the text would pass as a prefix.
    const place = url === null || url.username !== '' ? '' : url.origin + url.pathname
    return url !== null && place.toLowerCase().startsWith(home.toLowerCase()) ? appIdOf(url) : null
  })
  // A redirect to another application's metadata would bring that one's keys.
  return apps.every((app) => app !== null && app === apps[0]) ? 'entra' : 'none'
}

/**
 * What a refresh of metadata would change (DESIGN 2.2), to be applied or shown to an admin. The metadata
 * was read with the connection's entityID as the expected one, so it is the same provider's.
 * @returns nothing when all is as it was
 */
export function planMetadataRefresh(
  current: HeldMetadata,
  fetched: FetchedUrls & Pick<IdpMetadata, 'signingCertificates'>,
  { trusted, nowMs }: { readonly trusted: MetadataTrust; readonly nowMs: number },
): readonly MetadataChange[] {
  const published = new Set(fetched.signingCertificates.map(({ sha256 }) => sha256))
  const held = new Set(current.certificates.map(({ sha256 }) => sha256))
  const room = limits.certificatesPerConnection - held.size
  return [
    ...fetched.signingCertificates
      .filter(({ sha256 }) => !held.has(sha256))
      .map((certificate, index): MetadataChange => {
        const isAuto = trusted !== 'none' && index < room
        return {
          kind: 'add_certificate',
          certificate,
          decision: isAuto ? 'auto' : 'needs_approval',
        }
      }),
    ...current.certificates.flatMap((certificate) =>
      planHeld(certificate, { current, published, nowMs }),
    ),
    ...planUrls(current, fetched),
  ]
}

function planHeld(
  certificate: HeldCertificate,
  context: {
    readonly current: HeldMetadata
    readonly published: ReadonlySet<string>
    readonly nowMs: number
  },
): readonly MetadataChange[] {
  const { current, published, nowMs } = context
  const { sha256, origin, retireAtMs, retiredAtMs } = certificate
  if (retiredAtMs !== null) return []
  if (published.has(sha256)) {
    return retireAtMs === null ? [] : [{ kind: 'keep_certificate', sha256, decision: 'auto' }]
  }
  if (origin === 'manual') return []
  if (retireAtMs === null) {
    const at = nowMs + retirementDelayMs
    return [{ kind: 'schedule_retirement', sha256, retireAtMs: at, decision: 'auto' }]
  }
  const staying = current.certificates.filter(
    (other) =>
      other.retiredAtMs === null && (published.has(other.sha256) || other.origin === 'manual'),
  )
  return isRetired(certificate, staying, nowMs)
    ? [{ kind: 'retire_certificate', sha256, decision: 'auto' }]
    : []
}

/**
 * Whether a certificate that vanished from the metadata is trusted no longer: seven days have passed, and
 * another one that is still there has verified a sign-in since. Metadata that lost a key by mistake must
 * not lock everybody out.
 * @param all the connection's certificates; those that vanished too do not count as another one
 */
export function isRetired(
  { retireAtMs }: Pick<HeldCertificate, 'retireAtMs'>,
  all: readonly Pick<HeldCertificate, 'retireAtMs' | 'lastVerifiedAtMs'>[],
  nowMs: number,
): boolean {
  if (retireAtMs === null || nowMs < retireAtMs) return false
  const vanishedAtMs = retireAtMs - retirementDelayMs
  return all.some(
    (other) => other.retireAtMs === null && (other.lastVerifiedAtMs ?? 0) >= vanishedAtMs,
  )
}

/** URLs always wait for an admin: a changed one takes every sign-in somewhere else. */
function planUrls(current: HeldMetadata, fetched: FetchedUrls): readonly MetadataChange[] {
  const sso = ssoService(current, fetched)
  const changed = (
    kind: UrlChange,
    from: string | null,
    to: string | null,
  ): readonly MetadataChange[] =>
    from === to ? [] : [{ kind, from, to, decision: 'needs_approval' }]
  const isSameSso = sso.url === current.ssoUrl && sso.binding === current.ssoBinding
  return [
    ...(isSameSso
      ? []
      : [
          {
            kind: 'change_sso_url',
            from: current.ssoUrl,
            to: sso.url,
            ssoBinding: sso.binding,
            decision: 'needs_approval',
          } as const,
        ]),
    ...changed('change_slo_url', current.sloUrl, fetched.sloUrl),
    ...changed('change_slo_response_url', current.sloResponseUrl, fetched.sloResponseUrl),
  ]
}

/** Where sign-ins start by the binding that the connection uses; by the other one when that is gone. */
function ssoService(
  { ssoBinding }: HeldMetadata,
  { ssoRedirectUrl, ssoPostUrl }: FetchedUrls,
): { readonly url: string | null; readonly binding: HeldMetadata['ssoBinding'] } {
  const redirect = { url: ssoRedirectUrl, binding: 'redirect' } as const
  const post = { url: ssoPostUrl, binding: 'post' } as const
  const [used, other] = ssoBinding === 'post' ? [post, redirect] : [redirect, post]
  return used.url === null ? other : used
}
