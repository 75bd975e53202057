import type { Stated } from '../directory/index.ts'
import { isRecord, type Json, readGuid } from './json.ts'
import { propertyOf } from './select.ts'
import type { GraphUser } from './types.ts'

/**
 * Reads one user of an answer. Null is a stated blank, as the empty text is; a complex property is flattened
 * by one level; annotations, and what is neither text, number, truth value nor a list of these, are left out.
 * @returns null when it has no id
 */
export function readUser(value: unknown): GraphUser | null {
  const id = isRecord(value) ? readGuid(value['id']) : null
  if (!isRecord(value) || id === null) return null
  const stated = new Map<string, readonly string[]>([['id', [id]]])
  for (const [name, member] of Object.entries(value)) {
    if (name === 'id' || name === 'manager' || name.includes('@')) continue
    if (isRecord(member)) {
      for (const [child, inner] of Object.entries(member)) {
        const values = readValues(inner)
        if (values !== null) stated.set(`${name}.${child}`, values)
      }
    } else {
      const values = readValues(member)
      if (values !== null) stated.set(name, values)
    }
  }
  const manager = readManager(value)
  if (manager !== null) stated.set('manager', manager)
  return { id, stated }
}

function readValues(value: unknown): readonly string[] | null {
  if (value === null || value === '') return []
  if (!Array.isArray(value)) {
    const text = textOf(value)
    return text === null ? null : [text]
  }
  const texts = value.map(textOf)
  return texts.every((text) => text !== null) ? texts.filter((text) => text !== '') : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
    ? String(value)
    : null
}

/**
 * A delta states the manager as a list of changes, in which the former one may stand as removed beside the
 * new one; elsewhere it is an object, or null.
 */
function readManager(user: Json): readonly string[] | null {
  const changes = user['manager@delta']
  if (Array.isArray(changes)) {
    if (changes.length === 0) return null
    const present = changes.filter((one) => isRecord(one) && one['@removed'] === undefined)
    const ids = present.flatMap((one) => idOf(one))
    return ids.slice(-1)
  }
  const manager = user['manager']
  if (manager === null) return []
  const ids = idOf(manager)
  return ids.length === 0 ? null : ids
}

function idOf(value: unknown): readonly string[] {
  const id = isRecord(value) ? readGuid(value['id']) : null
  return id === null ? [] : [id]
}

/** The same user mentioned twice on one page: the later mention adds to the earlier, and wins. */
export function mergeMentions(earlier: GraphUser, later: GraphUser): GraphUser {
  return { id: later.id, stated: new Map([...earlier.stated, ...later.stated]) }
}

/**
 * What a user states of these names, for the source view. In a whole read, what is absent of a selected name
 * is blank; in a delta it says nothing (DESIGN 2.1). A mention without a userPrincipalName, which everybody
 * has and which is always selected, is a part of a user that Graph sends apart, so it blanks nothing.
 * @param names flattened names, as the mapping and `selectOf` have them
 */
export function graphStatements(
  user: GraphUser,
  { names, isWhole }: { readonly names: readonly string[]; readonly isWhole: boolean },
): Stated {
  const isMissingBlank = isWhole && user.stated.has('userPrincipalName')
  const statements = new Map<string, readonly string[]>()
  for (const name of names) {
    const values = user.stated.get(name) ?? blankParent(user, name)
    if (values !== undefined) statements.set(name, values)
    else if (isMissingBlank) statements.set(name, [])
  }
  return statements
}

/** A complex property that is null as a whole blanks all that is in it. */
function blankParent(user: GraphUser, name: string): readonly string[] | undefined {
  const parent = propertyOf(name)
  const values = parent === name ? undefined : user.stated.get(parent)
  return values?.length === 0 ? values : undefined
}

/** The single value of a name; null when it is blank or not stated. */
export function statedText(user: GraphUser, name: string): string | null {
  return user.stated.get(name)?.[0] ?? null
}

/** Whether the account is disabled; null when the user does not say. */
export function isDisabled(user: GraphUser): boolean | null {
  const enabled = statedText(user, 'accountEnabled')
  return enabled === null ? null : enabled !== 'true'
}

/**
 * Whether the user is a guest, who never is bound by a name: `userType` says so, or the `#EXT#` that Entra
 * puts into the userPrincipalName of whoever comes from elsewhere.
 */
export function isGuest(user: GraphUser): boolean {
  const name = statedText(user, 'userPrincipalName') ?? ''
  return statedText(user, 'userType') === 'Guest' || name.toUpperCase().includes('#EXT#')
}
