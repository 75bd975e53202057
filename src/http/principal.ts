/** What a setup link may be for. */
export const setupParts = ['saml', 'scim', 'attributes'] as const

export type SetupPart = (typeof setupParts)[number]

/** Who asks for an operation of the Admin API; what each may do is one table (admin/permissions.ts). */
export type Principal =
  | {
      readonly kind: 'operator'
      /** By the admin key alone may the operators' own organization be changed (OPERATOR_ORG). */
      readonly by: 'key' | 'access' | 'person'
      /** The id of the person, or the subject that Cloudflare Access names. */
      readonly who: string | null
    }
  | { readonly kind: 'admin'; readonly organizationId: string; readonly personId: string }
  | {
      readonly kind: 'setup-link'
      readonly organizationId: string
      readonly linkId: string
      readonly parts: readonly SetupPart[]
    }

/** The holder of an admin key. */
export const keyHolder: Principal = { kind: 'operator', by: 'key', who: null }

/** How events name who did it: by kind, and by id where there is one. */
export function actorOf(
  principal: Principal,
): 'operator' | `operator:${string}` | `admin:${string}` | `setup-link:${string}` {
  switch (principal.kind) {
    case 'operator':
      return principal.who === null ? 'operator' : `operator:${principal.who}`
    case 'admin':
      return `admin:${principal.personId}`
    case 'setup-link':
      return `setup-link:${principal.linkId}`
  }
}
