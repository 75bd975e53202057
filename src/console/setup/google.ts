import { type Guide, step } from './guide.ts'
import { defineStep, metadataBack, rolloutStep, testStep } from './shared-steps.ts'

const apps = 'Google Admin console > Apps > Web and mobile apps'
const app = `${apps} > your application`

/** Google Workspace, by its Admin console (support.google.com/a: Set up your own custom SAML app). */
export const google: Guide = {
  provider: 'google',
  name: 'Google Workspace',
  needs: 'Super Admin',
  steps: [
    step(
      'saml.application',
      'Create the application',
      `${apps} > Add app > Add custom SAML app`,
      ['Name it after the app and press Continue.'],
      {
        mark: true,
      },
    ),
    step(
      'saml.metadata',
      'Bring the metadata',
      `${apps} > Add app > Google Identity Provider details > Download metadata`,
      [
        'Google gives a file and no address: upload it below. When its certificate changes, the new file has to be brought here.',
      ],
      { back: metadataBack('GoogleIDPMetadata.xml'), offers: ['metadata'] },
    ),
    step(
      'saml.addresses',
      'Enter the addresses',
      `${app} > Service provider details`,
      ['Tick Signed response. Google has no single logout.'],
      {
        values: [
          { field: 'ACS URL', value: 'acsUrl' },
          { field: 'Entity ID', value: 'entityId' },
          { field: 'Start URL', value: 'loginUrl' },
        ],
        mark: true,
      },
    ),
    step(
      'saml.claims',
      'Check the attributes',
      `${app} > SAML attribute mapping`,
      [
        'Name ID format PERSISTENT or EMAIL, Name ID Basic Information > Primary email. Add one mapping per row.',
      ],
      {
        values: [
          { field: 'Primary email', value: { text: 'email' } },
          { field: 'First name', value: { text: 'givenName' } },
          { field: 'Last name', value: { text: 'familyName' } },
        ],
        mark: true,
      },
    ),
    step(
      'saml.certificate',
      'Check how it signs',
      'Google Admin console > Security > Authentication > SSO with SAML applications',
      ['Google signs with SHA-256. Note when its certificate ends.'],
      { mark: true },
    ),
    step(
      'saml.assign',
      'Turn it on for yourself',
      `${app} > User access`,
      ['On for the organizational unit or group of the person who tests.'],
      {
        mark: true,
      },
    ),
    testStep,
    rolloutStep,
    step(
      'scim.none',
      'People come with their first sign-in',
      'Portico > Roll out',
      [
        'Google Workspace provisions only applications of its own catalogue, not a custom one: there is no SCIM here. People are made by their first sign-in, and nobody is deactivated by Google; block leavers in Portico, or end their access by turning the application off for them.',
      ],
      { offers: ['rollout'] },
    ),
    defineStep,
    step(
      'attributes.send',
      'Let Google send them',
      `${app} > SAML attribute mapping > Add mapping`,
      ['Send each as a claim with a plain name, and name that claim in Portico’s mapping.'],
      { mark: true, optional: true },
    ),
  ],
}
