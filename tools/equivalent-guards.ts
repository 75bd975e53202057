/** A guard whose absence changes nothing that anybody could observe. */
export type EquivalentGuard = {
  readonly path: string
  readonly condition: string
  /** What holds in its place. */
  readonly reason: string
}

/** Guards that are only there for the types or to say it plainly; `npm run mutate` counts them separately. */
export const equivalentGuards: readonly EquivalentGuard[] = [
  ...['connection === undefined', 'organization === undefined'].map((condition) => ({
    path: 'src/saml/connection-store.ts',
    condition,
    reason:
      'Both rows are found or neither is, since the first selects the second and a foreign key binds them; the types ask for each.',
  })),
  {
    path: 'src/xml/names.ts',
    condition: 'own === null',
    reason:
      'What is no qualified name has no namespace either, which refuses it; the types ask for both.',
  },
  {
    path: 'src/xmldsig/read-signed.ts',
    condition: 'text === null',
    reason:
      'The octets are what the canonicalizer encoded a moment ago, which is UTF-8; the types do not know.',
  },
  {
    path: 'src/saml/receive-response.ts',
    condition: 'assertion === null',
    reason:
      'A Response that reports success and holds no assertion was refused by its shape before; the types do not know.',
  },
  {
    path: 'src/saml/verify-response.ts',
    condition: 'enclosed === null',
    reason:
      'The Response that was digested is read again and still holds the Assertion that its shape was judged by.',
  },
]
