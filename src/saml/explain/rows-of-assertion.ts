import type { CheckRow } from './check-row.ts'

/** Checks of what the signed assertion says, in the order of `responseChecks`, and of whom it names. */
export const assertionRows = [
  {
    id: 'issued',
    label: 'Age',
    asks: 'Response and assertion were made just now by both clocks.',
    spec: 'SAML Core 2.3.3, 3.2.2',
    codes: ['saml.issue_instant'],
  },
  {
    id: 'destination',
    label: 'Destination',
    asks: 'The response was made for this ACS URL.',
    spec: 'SAML Bindings 3.5.5.2',
    codes: ['saml.destination'],
  },
  {
    id: 'issuer',
    label: 'Issuer',
    asks: 'It comes from the identity provider of this connection.',
    spec: 'SAML Profiles 4.1.4.2',
    codes: ['saml.issuer'],
  },
  {
    id: 'audience',
    label: 'Audience',
    asks: 'The assertion was made for this Entity ID.',
    spec: 'SAML Core 2.5.1.4',
    codes: ['saml.audience'],
  },
  {
    id: 'validity',
    label: 'Validity',
    asks: 'The assertion is valid now, and not for too long.',
    spec: 'SAML Core 2.5.1.2',
    codes: ['saml.not_yet_valid', 'saml.expired'],
  },
  {
    id: 'recipient',
    label: 'Recipient',
    asks: 'A bearer confirmation names this ACS URL and still holds.',
    spec: 'SAML Profiles 4.1.4.3',
    codes: ['saml.subject_confirmation'],
  },
  {
    id: 'request',
    label: 'InResponseTo',
    asks: 'It answers the request that this browser made.',
    spec: 'SAML Profiles 4.1.4.3, 4.1.5',
    codes: ['saml.in_response_to', 'saml.browser_binding', 'saml.unsolicited'],
  },
  {
    id: 'authentication',
    label: 'Authentication',
    asks: 'It says once that the person authenticated, and not in the future.',
    spec: 'SAML Core 2.7.2',
    codes: ['saml.authn'],
  },
  {
    id: 'conditions',
    label: 'Conditions',
    asks: 'It has no condition that is not understood.',
    spec: 'SAML Core 2.5.1.1',
    codes: ['saml.condition'],
  },
  {
    id: 'name_id',
    label: 'NameID',
    asks: 'The NameID, if it is what people are known by, is there, sound and lasting.',
    spec: 'SAML Core 8.3',
    codes: ['saml.name_id'],
  },
  {
    id: 'claims',
    label: 'Claims',
    asks: 'There are not too many, and what feeds one field has one value.',
    spec: 'SAML Core 2.7.3',
    codes: ['saml.limit', 'saml.attribute_ambiguous'],
  },
  {
    id: 'identity',
    label: 'Identity',
    asks: 'The claims say who this is for good, in the tenant of the connection.',
    codes: ['saml.identity', 'saml.tenant_mismatch', 'saml.scope'],
  },
] as const satisfies readonly CheckRow[]
