import type { ErrorEntry } from '../kernel/index.ts'

/** The note of a sign-in whose groups did not fit into the token. */
export const groupsOverage = 'saml.groups_overage'

/** What a sign-in that went well is noted with, where an admin should know: not refusals, but explained like them. */
export const signInNotes = {
  [groupsOverage]: {
    status: 200,
    tell: 'not-permitted',
    log: 'info',
    means:
      'The person is in more groups than the token can carry (150 with Microsoft Entra), so that it named none. The groups known before stay.',
    fix: 'In Entra, under Attributes & Claims, edit the group claim and choose Groups assigned to the application; or connect Microsoft Graph, which is then asked for them.',
    spec: 'Microsoft Entra: group claims, groups overage',
    entra:
      'Enterprise applications > your app > Single sign-on > Attributes & Claims > user.groups: choose Groups assigned to the application.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>
