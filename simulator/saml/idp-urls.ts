import { type App, tenant } from '../directory/index.ts'

/** The addresses of the tenant. Names stay those of the real cloud; only what is called is the simulator's. */
export function idpUrls(baseUrl: string, tenantSegment: string = tenant.id) {
  const base = `${baseUrl}/${tenantSegment}`
  return {
    saml2: `${base}/saml2`,
    wsfed: `${base}/wsfed`,
    login: `${base}/login`,
    metadata: (appId: string | null) =>
      `${base}/federationmetadata/2007-06/federationmetadata.xml${appId === null ? '' : `?appid=${appId}`}`,
  }
}

/** Whether a message's Destination is one of the tenant's own addresses. */
export function isOwnDestination(baseUrl: string, destination: string): boolean {
  return [tenant.id, ...tenant.domains, 'common'].some(
    (segment) => destination === idpUrls(baseUrl, segment).saml2,
  )
}

/** The issuer of what is said to an application: the tenant's, with the appId behind it when so configured. */
export function issuerOf(app: Pick<App, 'appId' | 'appendsAppIdToIssuer'> | null): string {
  const own = `https://sts.windows.net/${tenant.id}/`
  return app?.appendsAppIdToIssuer === true ? `${own}${app.appId}/` : own
}
