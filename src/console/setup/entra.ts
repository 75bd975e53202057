import { type Guide, step } from './guide.ts'
import {
  attributeNames,
  defineStep,
  metadataBack,
  rolloutStep,
  testStep,
  tokenStep,
} from './shared-steps.ts'

const apps = 'Entra admin center > Entra ID > Enterprise apps'
const app = `${apps} > your application`
const saml = `${app} > Single sign-on > SAML`
const provisioning = `${app} > Provisioning`
const registration = 'Entra admin center > Entra ID > App registrations'

/** Microsoft Entra ID, by its admin center (docs/guides/entra-saml.md, scim.md, reconciliation.md). */
export const entra: Guide = {
  provider: 'entra',
  name: 'Microsoft Entra ID',
  needs: 'Cloud Application Administrator or Application Administrator',
  steps: [
    step(
      'saml.application',
      'Create the application',
      `${apps} > New application > Create your own application`,
      [
        'Name it after the app, choose “Integrate any other application you don’t find in the gallery (Non-gallery)” and press Create.',
        'Then open Single sign-on in it and choose SAML.',
        'Or let the script make all of it in one go: read it first.',
      ],
      { mark: true, offers: ['script'] },
    ),
    step(
      'saml.metadata',
      'Bring the metadata',
      `${saml} > SAML Certificates`,
      [
        'Copy App Federation Metadata Url and paste it below. It must end in ?appid=…: without it the address names your tenant’s general keys, not the ones this application signs with.',
      ],
      { back: metadataBack('App Federation Metadata Url'), offers: ['metadata'] },
    ),
    step(
      'saml.addresses',
      'Enter the addresses',
      `${saml} > Basic SAML Configuration > Edit`,
      [
        'Copy each value into its field, exactly: case and slashes count. Remove any other Identifier and Reply URL, leave Relay State empty, press Save.',
      ],
      {
        values: [
          { field: 'Identifier (Entity ID)', value: 'entityId' },
          { field: 'Reply URL (Assertion Consumer Service URL)', value: 'acsUrl' },
          { field: 'Sign on URL', value: 'loginUrl' },
          { field: 'Logout Url', value: 'logoutUrl' },
        ],
        mark: true,
      },
    ),
    step(
      'saml.claims',
      'Check the claims',
      `${saml} > Attributes & Claims > Edit`,
      [
        'Entra’s defaults are right. Name ID stays user.userprincipalname with the format Email address or Persistent, never Transient. Tenant id and object id are sent without an entry.',
        'For roles by group: Add a group claim, “Groups assigned to the application”. Provisioned groups need no claim.',
      ],
      {
        values: [
          { field: 'Unique User Identifier (Name ID)', value: { text: 'user.userprincipalname' } },
        ],
        mark: true,
      },
    ),
    step(
      'saml.certificate',
      'Check how it signs',
      `${saml} > SAML Certificates > Token signing certificate > Edit`,
      [
        'Signing Option “Sign SAML assertion”, Signing Algorithm SHA-256, and as Notification Email Address a mailbox that is read. Leave Verification certificates off.',
      ],
      {
        values: [
          { field: 'Signing Option', value: { text: 'Sign SAML assertion' } },
          { field: 'Signing Algorithm', value: { text: 'SHA-256' } },
        ],
        mark: true,
      },
    ),
    step(
      'saml.assign',
      'Assign yourself',
      `${app} > Users and groups > Add user/group`,
      [
        'Assign the person who tests. Members of a group inside an assigned group are not assigned: Entra does not look into nested groups.',
      ],
      { mark: true },
    ),
    testStep,
    rolloutStep,
    tokenStep,
    step(
      'scim.connect',
      'Connect provisioning',
      `${provisioning} > Connect your application`,
      [
        'Enter both values, the token as it is and without “Bearer”, and press Test connection. A green answer means that address and token are right. Then Create.',
        'In older portals: New configuration, mode Automatic, and Save.',
      ],
      {
        values: [{ field: 'Tenant URL', value: 'tenantUrl' }],
        back: null,
      },
    ),
    step(
      'scim.scope',
      'Choose who is provisioned',
      `${provisioning} > Settings > Scope`,
      [
        '“Sync only assigned users and groups”. Then assign people, or groups whose direct members should come, under Users and groups.',
      ],
      {
        values: [{ field: 'Scope', value: { text: 'Sync only assigned users and groups' } }],
        mark: true,
      },
    ),
    step(
      'scim.object-id',
      'Send the object id as externalId',
      `${provisioning} > Attribute mapping > Provision Microsoft Entra ID Users > externalId`,
      [
        'Change the source of externalId from mailNickname to objectId, before the first cycle. It never changes and is never given to anybody else, so whoever signs in is for good the person that was provisioned.',
      ],
      {
        values: [
          { field: 'Source attribute', value: { text: 'objectId' } },
          { field: 'Target attribute', value: { text: 'externalId' } },
        ],
        mark: true,
      },
    ),
    step('scim.first-person', 'Try one person', `${provisioning} > Provision on demand`, [
      'Choose yourself and press Provision. All steps should be green there, and you appear under People here.',
    ]),
    step(
      'scim.start',
      'Start',
      `${provisioning} > Overview > Start provisioning`,
      ['The first cycle reads everybody in scope, later ones every 40 minutes what has changed.'],
      { mark: true },
    ),
    defineStep,
    step(
      'attributes.send',
      'Let Entra send them',
      `${provisioning} > Attribute mapping > Provision Microsoft Entra ID Users > Show advanced options > Edit attribute list for customappsso`,
      [
        'Add one row per name, type String, and Save. Back in the mapping: Add new mapping, the source of your choice, and the name as target.',
        'Names of another form are left out of the request that creates a person.',
      ],
      { values: attributeNames('Name, and later Target attribute'), mark: true, optional: true },
    ),
    step(
      'attributes.graph-app',
      'Register an application that reads',
      `${registration} > New registration`,
      [
        'Provisioning never tells that a value was emptied. With Microsoft Graph, Portico reads your tenant on a schedule and repairs that; it changes nothing there.',
        'Single tenant, no redirect URI. Then API permissions > Add a permission > Microsoft Graph > Application permissions: the three below, and Grant admin consent.',
      ],
      {
        values: [
          { field: 'Application permission', value: { text: 'User.Read.All' } },
          { field: 'Application permission', value: { text: 'Application.Read.All' } },
          { field: 'Application permission', value: { text: 'GroupMember.Read.All' } },
        ],
        mark: true,
        optional: true,
      },
    ),
    step(
      'attributes.graph-credential',
      'Give it a certificate or secret',
      `${registration} > the registration > Certificates & secrets`,
      [
        'Better: let Portico make a certificate and upload it under Certificates; its private key never leaves Portico. Or make a client secret and copy its Value, not its Secret ID.',
      ],
      {
        back: { what: 'Directory (tenant) ID, Application (client) ID', into: 'the form below' },
        offers: ['graph'],
        mark: true,
        optional: true,
      },
    ),
    step(
      'attributes.graph-check',
      'Check the permissions',
      'Portico > Set up',
      [
        'Asks Entra for a token and reads a little of each kind. A newly granted permission may take a minute.',
      ],
      { offers: ['check'], mark: true, optional: true },
    ),
  ],
}
