/** Where one connection is reached. Derived from PUBLIC_URL when needed and never stored, so it can change. */
export type SpUrls = {
  /** Our entityID, which is also the address of our metadata. */
  readonly entityId: string
  readonly acsUrl: string
  readonly sloUrl: string
  readonly loginUrl: string
}

export function spUrls(publicUrl: string, connectionId: string): SpUrls {
  const base = `${publicUrl}/saml/${connectionId}`
  return {
    entityId: `${base}/metadata`,
    acsUrl: `${base}/acs`,
    sloUrl: `${base}/slo`,
    loginUrl: `${base}/login`,
  }
}
