import { type Guide, step } from './guide.ts'
import {
  attributeNames,
  defineStep,
  metadataBack,
  rolloutStep,
  testStep,
  tokenStep,
} from './shared-steps.ts'

const clients = 'Keycloak Admin Console > your realm > Clients'
const client = `${clients} > your client`

/** Keycloak, by its Admin Console (Server Administration Guide: Creating a SAML client). */
export const keycloak: Guide = {
  provider: 'keycloak',
  name: 'Keycloak',
  needs: 'the role manage-clients of the realm',
  steps: [
    step(
      'saml.metadata',
      'Bring the metadata',
      'Keycloak Admin Console > your realm > Realm settings > General > SAML 2.0 Identity Provider Metadata',
      [
        'Copy the address of that link, which ends in /protocol/saml/descriptor, and paste it below.',
      ],
      { back: metadataBack('SAML 2.0 Identity Provider Metadata'), offers: ['metadata'] },
    ),
    step(
      'saml.application',
      'Create the client',
      `${clients} > Create client > SAML`,
      [
        'Or use Import client with the file at the Entity ID’s address. The Client ID must be exactly the Entity ID.',
      ],
      { values: [{ field: 'Client ID', value: 'entityId' }], mark: true },
    ),
    step(
      'saml.addresses',
      'Enter the addresses',
      `${client} > Settings > Access settings, and Advanced`,
      ['Valid redirect URIs holds the ACS URL; the other two are on the tab Advanced.'],
      {
        values: [
          { field: 'Valid redirect URIs', value: 'acsUrl' },
          { field: 'Assertion Consumer Service POST Binding URL', value: 'acsUrl' },
          { field: 'Logout Service Redirect Binding URL', value: 'logoutUrl' },
        ],
        mark: true,
      },
    ),
    step(
      'saml.claims',
      'Check the claims',
      `${client} > Client scopes > the dedicated scope > Add predefined mappers`,
      [
        'Add X500 email, givenName and surname, or user property mappers with the names below. Name ID format persistent or email, never transient.',
      ],
      {
        values: [
          { field: 'SAML Attribute Name of email', value: { text: 'email' } },
          { field: 'SAML Attribute Name of firstName', value: { text: 'givenName' } },
          { field: 'SAML Attribute Name of lastName', value: { text: 'familyName' } },
        ],
        mark: true,
      },
    ),
    step(
      'saml.certificate',
      'Check how it signs',
      `${client} > Settings > Signature and Encryption, and Keys`,
      [
        'Sign documents or Sign assertions on, RSA_SHA256, canonicalization EXCLUSIVE. On the tab Keys, Client signature required off, unless requests are signed.',
      ],
      {
        values: [
          { field: 'Signature algorithm', value: { text: 'RSA_SHA256' } },
          { field: 'Canonicalization method', value: { text: 'EXCLUSIVE' } },
        ],
        mark: true,
      },
    ),
    step(
      'saml.assign',
      'Have somebody to test with',
      'Keycloak Admin Console > your realm > Users',
      ['Every user of the realm may sign in, unless a flow of the client says otherwise.'],
      {
        mark: true,
      },
    ),
    testStep,
    rolloutStep,
    { ...tokenStep, optional: true },
    step(
      'scim.connect',
      'Connect provisioning',
      'Keycloak Admin Console > your realm > User federation',
      [
        'Keycloak itself sends no SCIM: an extension does, and each has its own fields for an address and a bearer token. Without one, first sign-ins make people; then leave this part.',
      ],
      { values: [{ field: 'SCIM endpoint', value: 'tenantUrl' }], optional: true },
    ),
    step(
      'scim.first-person',
      'Try one person',
      'Keycloak Admin Console > your realm > Users',
      ['Change a user of the realm, so that the extension sends them.'],
      {
        optional: true,
      },
    ),
    defineStep,
    step(
      'attributes.send',
      'Let Keycloak send them',
      `${client} > Client scopes > the dedicated scope > Configure a new mapper > User Attribute`,
      [
        'By claim with a plain name that Portico’s mapping names, or by the extension under the full name.',
      ],
      { values: attributeNames('Name with SCIM'), mark: true, optional: true },
    ),
  ],
}
