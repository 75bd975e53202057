import type { SetupFacts } from '../../admin/index.ts'

export const parts = ['saml', 'scim', 'attributes'] as const

export type Part = (typeof parts)[number]

/** Every step that a guide may have; a key is permanent, since marks are stored under it. */
export const stepKeys = [
  'saml.application',
  'saml.metadata',
  'saml.addresses',
  'saml.claims',
  'saml.certificate',
  'saml.assign',
  'saml.test',
  'saml.rollout',
  'scim.none',
  'scim.token',
  'scim.connect',
  'scim.scope',
  'scim.object-id',
  'scim.first-person',
  'scim.start',
  'attributes.define',
  'attributes.send',
  'attributes.graph-app',
  'attributes.graph-credential',
  'attributes.graph-check',
] as const

export type StepKey = (typeof stepKeys)[number]

/** What an admin copies, by name; made of the facts when shown. */
export type ValueName =
  | 'entityId'
  | 'acsUrl'
  | 'loginUrl'
  | 'logoutUrl'
  | 'tenantUrl'
  | 'attributeNames'

/** A value to copy, and the name of the field of the provider that it goes into. */
export type Copied = {
  readonly field: string
  readonly value: ValueName | { readonly text: string }
}

/** What Portico offers beside the words: forms for what comes back, and ways on. */
export type Offer =
  | 'metadata'
  | 'script'
  | 'token'
  | 'test'
  | 'rollout'
  | 'define'
  | 'graph'
  | 'check'

export type Step = {
  readonly key: StepKey
  readonly title: string
  /** Where to click at the provider, from its first page on; in Portico where nothing is done there. */
  readonly path: readonly string[]
  readonly does: readonly string[]
  readonly values: readonly Copied[]
  /** What to bring back, and where it is entered; null when nothing comes back. */
  readonly back: { readonly what: string; readonly into: string } | null
  readonly offers: readonly Offer[]
  /** Whether somebody may say that it is done. */
  readonly mark: boolean
  /** Whether the set-up is whole without it. */
  readonly optional: boolean
}

export const providers = ['entra', 'okta', 'google', 'keycloak'] as const

export type Provider = (typeof providers)[number]

export type Guide = {
  readonly provider: Provider
  readonly name: string
  /** Roles that the admin needs at the provider. */
  readonly needs: string
  readonly steps: readonly Step[]
}

export type Guides = Readonly<Record<Provider, Guide>>

/** The part that a step belongs to. */
export function partOf(key: StepKey): Part {
  return key.slice(0, key.indexOf('.')) as Part
}

/** The values to copy, by name; null while it is not known yet. */
export const copyValues: Readonly<Record<ValueName, (facts: SetupFacts) => string | null>> = {
  entityId: ({ connection }) => connection?.entityId ?? null,
  acsUrl: ({ connection }) => connection?.acsUrl ?? null,
  loginUrl: ({ connection }) => connection?.loginUrl ?? null,
  logoutUrl: ({ connection }) => connection?.logoutUrl ?? null,
  tenantUrl: ({ scim }) => scim.tenantUrl,
  attributeNames: ({ attributes }) =>
    attributes.defined.length === 0
      ? null
      : attributes.defined.map(({ key }) => `${attributeUrn}:${key}`).join('\n'),
}

const attributeUrn = 'urn:ietf:params:scim:schemas:extension:portico:2.0:User'

/** A step in few words: what is left out is empty. */
export function step(
  key: StepKey,
  title: string,
  path: string,
  does: readonly string[],
  rest: Partial<Pick<Step, 'values' | 'back' | 'offers' | 'mark' | 'optional'>> = {},
): Step {
  const bare = { values: [], back: null, offers: [], mark: false, optional: false }
  return { key, title, path: path.split(' > '), does, ...bare, ...rest }
}
