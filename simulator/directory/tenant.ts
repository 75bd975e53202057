/** The one tenant there is. */
export const tenant = {
  id: 'c0470500-0000-4000-8000-000000000001',
  name: 'Contoso',
  /** Verified domains; the first is that of new people. */
  domains: ['contoso.com', 'contoso.onmicrosoft.com'],
} as const

/** Where guests come from. */
export const homeTenant = {
  id: 'fab41ca0-0000-4000-8000-000000000002',
  domain: 'fabrikam.com',
  issuer: 'https://sts.windows.net/fab41ca0-0000-4000-8000-000000000002/',
} as const

/** Whether a path's first segment means this tenant: its id or one of its domains, in any case. */
export function resolveTenant(segment: string): boolean {
  const name = segment.toLowerCase()
  return name === tenant.id || ownsDomain(name)
}

export function ownsDomain(domain: string): boolean {
  return tenant.domains.some((own) => own === domain.toLowerCase())
}
