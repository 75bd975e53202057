/**
 * Owns people and what sources say of them: identities, source views, the attribute definitions, the
 * mapping, the resolved profile, and the rules of who is who. Knows no protocol and no HTTP. Called by
 * `saml`, `admin` and, through the same functions, by every other source.
 */
export * from './admission.ts'
export * from './admission-store.ts'
export * from './admission-write.ts'

export * from './adoption-store.ts'
export * from './attributes.ts'
export * from './default-names.ts'
export * from './domain-name.ts'
export * from './domain-write-store.ts'
export * from './errors.ts'
export * from './groups-change.ts'
export * from './groups-read-store.ts'
export * from './mapping.ts'
export * from './organization-write-store.ts'
export * from './organizations-store.ts'
export * from './people-store.ts'
export * from './people-write-store.ts'
export type { Person } from './person.ts'
export * from './provision-change.ts'
export * from './provision-create.ts'
export * from './provision-erase.ts'
export * from './provision-event.ts'
export * from './provisioning.ts'
export * from './prune-store.ts'
export * from './resolve.ts'
export * from './resolve-page-store.ts'
export * from './ruleset.ts'
export * from './ruleset-store.ts'
export * from './source-view.ts'
