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

declare module 'better-auth' {
  export type Options = Readonly<Record<string, unknown>>
  export function betterAuth(options: Options): { readonly handler: unknown }
}

declare module 'better-auth/db/migration' {
  export function getMigrations(
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ runMigrations(): Promise<void> }>
}

declare module 'better-auth/node' {
  import type { RequestListener } from 'node:http'
  export function toNodeHandler(auth: { readonly handler: unknown }): RequestListener
}

declare module '@better-auth/scim' {
  export function scim(options: Readonly<Record<string, unknown>>): unknown
}
