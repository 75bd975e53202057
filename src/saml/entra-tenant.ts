const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'

/** Entra's issuer: the public cloud's host or that of 21Vianet, the tenant, and with a custom key the app. */
const issuer = new RegExp(
  `^https://sts\\.(?:windows\\.net|chinacloudapi\\.cn)/(${guid})/(?:${guid}/?)?$`,
)
const appId = new RegExp(`^${guid}$`)

/** The tenant id in an Entra entityID, lower case; null for every other provider. */
export function entraTenantId(entityId: string): string | null {
  return issuer.exec(entityId)?.[1]?.toLowerCase() ?? null
}

/** Whether a metadata URL names one application: without `appid` Entra shows the tenant's keys instead. */
export function hasAppId(metadataUrl: URL): boolean {
  const values = metadataUrl.searchParams.getAll('appid')
  return values.length === 1 && appId.test(values[0] ?? '')
}
