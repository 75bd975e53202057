import { foldCase } from '../kernel/index.ts'

/** Characters of a name that search looks at; nobody types more of a prefix. */
export const searchKeyLength = 64

/** What people search finds somebody by, beside the userName, the externalId and the object id. */
export type SearchKeys = {
  readonly searchName: string
  readonly searchFamily: string
  readonly searchEmail: string
}

/**
 * The folded beginnings of a profile's display name, family name and email; empty where there is none. SQLite folds
 * ASCII only, so they are made here, and stand in columns of their own: whoever writes a profile writes them in the
 * same statement, so that no writer's profile can stand beside another's keys. An index on an expression over the
 * profile would cost each change of any value a write; these cost one only where they differ: a SCIM create with a
 * display name writes 27 rows instead of 26, a sign-in of somebody known and a PATCH of a title as many as before
 * (docs/decisions/0016-search.md).
 * @param userNameKey the userName folded: an email that begins alike finds the same person, so it is left out
 */
export function searchKeys(
  profile: Readonly<Record<string, unknown>>,
  userNameKey: string,
): SearchKeys {
  const email = keyOf(profile['email'])
  return {
    searchName: keyOf(profile['displayName']),
    searchFamily: keyOf(profile['familyName']),
    searchEmail: email === userNameKey.slice(0, email.length) ? '' : email,
  }
}

type HeldKeys = { readonly [K in keyof SearchKeys]: string | null }

/** Those of the keys that are not held: a column that is set costs its index a write, though it stays what it was. */
export function movedKeys(held: HeldKeys, keys: SearchKeys): Partial<SearchKeys> {
  const names = Object.keys(keys) as (keyof SearchKeys)[]
  return Object.fromEntries(
    names.filter((name) => held[name] !== keys[name]).map((name) => [name, keys[name]]),
  )
}

/** What somebody typed, as keys are written. */
export function searchPrefix(text: string): string {
  return foldCase(text.trim())
}

function keyOf(value: unknown): string {
  if (typeof value !== 'string') return ''
  // Cut by characters: half of a pair would be no text.
  return Array.from(foldCase(value.slice(0, 4 * searchKeyLength)).trimStart())
    .slice(0, searchKeyLength)
    .join('')
}
