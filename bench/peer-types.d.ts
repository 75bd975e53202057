/**
 * The little of the peers that is used, so that types are checked without installing them: whoever works on
 * Portico needs no other SAML library.
 */
declare module '@node-saml/node-saml' {
  export class SAML {
    constructor(options: Readonly<Record<string, string | number | boolean>>)
    validatePostResponseAsync(body: {
      readonly SAMLResponse: string
    }): Promise<{ readonly profile: { readonly nameID?: string } | null }>
  }
}

declare module 'samlify' {
  type Entity = {
    parseLoginResponse(
      from: Entity,
      binding: 'post',
      request: { readonly body: { readonly SAMLResponse: string } },
    ): Promise<{ readonly extract: { readonly nameID?: string } }>
  }
  const samlify: {
    setSchemaValidator(validator: { validate(xml: string): Promise<unknown> }): void
    ServiceProvider(settings: Readonly<Record<string, unknown>>): Entity
    IdentityProvider(settings: Readonly<Record<string, unknown>>): Entity
  }
  export default samlify
}
