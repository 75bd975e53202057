import type { CheckRow } from './check-row.ts'

/** Checks that the directory answers, and the store of what was used. */
export const personRows = [
  {
    id: 'tester',
    label: 'Tester',
    asks: 'While the connection is being tested, only testers may sign in.',
    codes: ['saml.being_tested'],
  },
  {
    id: 'person',
    label: 'Person',
    asks: 'It is clear which person this is, or that it is somebody new.',
    codes: [
      'directory.identity_conflict',
      'directory.person_erased',
      'directory.user_name_missing',
    ],
  },
  {
    id: 'active',
    label: 'Active',
    asks: 'No source denies the person.',
    codes: ['directory.person_inactive'],
  },
  {
    id: 'first_login',
    label: 'First login',
    asks: 'Somebody new may be made by a first sign-in.',
    codes: ['directory.not_provisioned'],
  },
  {
    id: 'replay',
    label: 'Used once',
    asks: 'Neither the assertion nor the request was used before.',
    spec: 'SAML Profiles 4.1.4.5',
    codes: ['saml.replayed'],
  },
] as const satisfies readonly CheckRow[]
