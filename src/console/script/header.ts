import type { ScriptInput } from './input.ts'

/**
 * What stands at the top of a script, as plain lines for comments. Nothing in it was entered by anybody: a
 * comment ends where a language says, and no quoting helps there.
 */
export function headerLines(
  { withScim, claims, connectionId }: ScriptInput,
  { needs, start }: { needs: readonly string[]; start: string },
): readonly string[] {
  return [
    'Sets up an application for Portico in Microsoft Entra. READ IT BEFORE YOU RUN IT.',
    '',
    'What it does, and skips where it is done already, so that it can be run again:',
    '  1. makes the application and its service principal from the non-gallery template;',
    '  2. sets single sign-on to SAML and makes a signing certificate of three years, if there is none;',
    '  3. prints the metadata address to paste into Portico;',
    connectionId === null
      ? '  4. asks for the connection id that Portico then shows, and enters its addresses;'
      : '  4. enters the addresses of the connection: Identifier, Reply URL, Sign on URL, Logout Url;',
    ...(claims.length === 0
      ? []
      : [
          `  -  adds the claims ${claims.join(', ')} by a claims mapping policy, unless one is`,
          '     assigned; from then on the portal cannot edit the claims of this application;',
        ]),
    ...(withScim
      ? [
          '  5. makes the provisioning job, asks you for the SCIM token, tests and stores it in Entra;',
          '  6. maps objectId to externalId, so that sign-in and provisioning name one person alike.',
        ]
      : []),
    '',
    'What it does not: assign people, change app roles, or touch any other application.',
    ...(withScim ? [`Provisioning is not started, unless you say so: ${start}.`] : []),
    'The token is never part of this file, of a command line or of the output.',
    '',
    'You need the role Cloud Application Administrator or Application Administrator, and',
    ...needs.map((need) => (need.startsWith(' ') ? need : `  - ${need}`)),
  ]
}
