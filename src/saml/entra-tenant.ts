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

/**
 * The application that a metadata URL names, lower case; null when it names none, in which case Entra shows the
 * tenant's keys instead, or several: names of parameters count in any case there.
 */
export function appIdOf(metadataUrl: URL): string | null {
  const named = [...metadataUrl.searchParams].filter(([name]) => name.toLowerCase() === 'appid')
  const [value = ''] = named.map(([, text]) => text)
  return named.length === 1 && appId.test(value) ? value.toLowerCase() : null
}
