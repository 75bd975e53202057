/** Who can say things about a person. */
export const sourceNames = ['scim', 'saml', 'graph', 'manual'] as const
