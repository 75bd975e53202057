import { type Guide, step } from './guide.ts'
import {
  attributeNames,
  defineStep,
  metadataBack,
  rolloutStep,
  testStep,
  tokenStep,
} from './shared-steps.ts'

const app = 'Okta Admin Console > Applications > Applications > your application'

/** Okta, by its Admin Console (help.okta.com: Create SAML app integrations; Add SCIM provisioning to app integrations). */
export const okta: Guide = {
  provider: 'okta',
  name: 'Okta',
  needs: 'Application administrator or Super administrator',
  steps: [
    step(
      'saml.application',
      'Create the application',
      'Okta Admin Console > Applications > Applications > Create App Integration > SAML 2.0',
      [
        'Okta asks for the addresses before it gives its metadata: enter https://example.com twice for now and replace it in step “Enter the addresses”.',
      ],
      { mark: true },
    ),
    step(
      'saml.metadata',
      'Bring the metadata',
      `${app} > Sign On > Metadata details`,
      ['Copy Metadata URL and paste it below.'],
      { back: metadataBack('Metadata URL'), offers: ['metadata'] },
    ),
    step(
      'saml.addresses',
      'Enter the addresses',
      `${app} > General > SAML Settings > Edit > Configure SAML`,
      [
        'Keep “Use this for Recipient URL and Destination URL” ticked and Default RelayState empty.',
      ],
      {
        values: [
          { field: 'Single sign-on URL', value: 'acsUrl' },
          { field: 'Audience URI (SP Entity ID)', value: 'entityId' },
        ],
        mark: true,
      },
    ),
    step(
      'saml.claims',
      'Check the attributes',
      `${app} > General > SAML Settings > Edit > Attribute Statements`,
      [
        'Name ID format Persistent or EmailAddress, never Transient. Add one statement per row; the names are understood as they are.',
      ],
      {
        values: [
          { field: 'email', value: { text: 'user.email' } },
          { field: 'givenName', value: { text: 'user.firstName' } },
          { field: 'familyName', value: { text: 'user.lastName' } },
        ],
        mark: true,
      },
    ),
    step(
      'saml.certificate',
      'Check how it signs',
      `${app} > General > SAML Settings > Edit > Show Advanced Settings`,
      ['Response and Assertion Signature: Signed, both algorithms SHA256.'],
      { values: [{ field: 'Signature Algorithm', value: { text: 'RSA-SHA256' } }], mark: true },
    ),
    step(
      'saml.assign',
      'Assign yourself',
      `${app} > Assignments > Assign`,
      ['Assign the person who tests.'],
      {
        mark: true,
      },
    ),
    testStep,
    rolloutStep,
    tokenStep,
    step(
      'scim.connect',
      'Connect provisioning',
      `${app} > General > App Settings > Provisioning: SCIM, then Provisioning > Integration > Edit`,
      [
        'Unique identifier field userName, all supported actions but Import Groups, authentication mode HTTP Header. Paste the token under Authorization, without “Bearer”, and press Test Connector Configuration.',
      ],
      {
        values: [
          { field: 'SCIM connector base URL', value: 'tenantUrl' },
          { field: 'Unique identifier field for users', value: { text: 'userName' } },
        ],
      },
    ),
    step(
      'scim.scope',
      'Choose what is sent',
      `${app} > Provisioning > To App > Edit`,
      [
        'Enable Create Users, Update User Attributes and Deactivate Users. Who is assigned is provisioned; groups go under Push Groups.',
      ],
      { mark: true },
    ),
    step('scim.first-person', 'Try one person', `${app} > Assignments > Assign`, [
      'Assign yourself; Okta provisions at once.',
    ]),
    step(
      'scim.start',
      'Assign the others',
      `${app} > Assignments > Assign > Assign to Groups`,
      ['Assign the groups whose members should come.'],
      {
        mark: true,
      },
    ),
    defineStep,
    step(
      'attributes.send',
      'Let Okta send them',
      'Okta Admin Console > Directory > Profile Editor > the application’s profile > Add Attribute',
      [
        'External name is the key, External namespace the rest of the name. Then Mappings, from the Okta profile to the application.',
      ],
      { values: attributeNames('External namespace : External name'), mark: true, optional: true },
    ),
  ],
}
