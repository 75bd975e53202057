import {
  type App,
  type Certificate,
  findApp,
  findAppByIdentifier,
  listAssignments,
  listCertificates,
} from '../directory/index.ts'
import { toPem } from '../keys/index.ts'
import { idpUrls, issuerOf } from '../saml/index.ts'
import type { World } from '../world.ts'

/** An application by appId or identifier. */
export function addressed(world: World, key: string): App | null {
  return findApp(world.sql, key) ?? findAppByIdentifier(world.sql, key)
}

/** An application as the API shows it, with everything that a service provider needs to know. */
export function showApp(world: World, app: App) {
  const urls = idpUrls(world.baseUrl)
  return {
    ...app,
    issuer: issuerOf(app),
    ssoUrl: urls.saml2,
    sloUrl: urls.saml2,
    metadataUrl: urls.metadata(app.appId),
    signInUrl: `${world.baseUrl}/myapps/signin/${app.appId}`,
    testUrl: `${world.baseUrl}/apps/${app.appId}/test`,
    certificates: listCertificates(world.sql, app.appId).map(showCertificate),
    assignments: listAssignments(world.sql, app.appId).map(({ principalId, roleId }) => ({
      principal: principalId,
      role: app.appRoles.find(({ id }) => id === roleId)?.value ?? null,
    })),
  }
}

/** A certificate without its key. */
export function showCertificate(certificate: Certificate) {
  return {
    thumbprint: certificate.thumbprint,
    isActive: certificate.isActive,
    notBefore: new Date(certificate.notBeforeMs).toISOString(),
    notAfter: new Date(certificate.notAfterMs).toISOString(),
    pem: toPem(certificate.certificate),
  }
}
