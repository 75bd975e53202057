import type { Bytes } from '../kernel/index.ts'

/** What proves to Entra who asks: opened, so it is passed on and never kept or logged. */
export type GraphProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'certificate'
      readonly certificateDer: Bytes
      readonly privateKeyPkcs8: Bytes
    }

/** An application in a tenant, ready to ask for a token. */
export type GraphCredential = {
  /** Differs whenever the stored credential was set anew: what a token is remembered under. */
  readonly cacheKey: string
  readonly tenantId: string
  readonly clientId: string
  readonly proof: GraphProof
}
