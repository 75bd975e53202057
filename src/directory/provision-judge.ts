import { err, foldCase, ok, printable, type Result } from '../kernel/index.ts'
import type { DirectoryFailure } from './errors.ts'
import { isOwnName } from './own-names.ts'
import { statedIdentityKey } from './provision-identity.ts'
import type { Candidate, Erased } from './provision-people-store.ts'
import type { Provisioner, UserStatement } from './provisioning.ts'

/** What a create comes to where somebody was there before. */
export type Return =
  | { readonly kind: 'adopt'; readonly candidate: Candidate; readonly bindTo: string | null }
  | { readonly kind: 'revive'; readonly erased: Erased; readonly identityKey: string }

/** Who is there already where a create found its name or identity taken. */
export type Found = { readonly candidates: readonly Candidate[]; readonly erased: Erased | null }

type Holder = 'retired' | 'other connection' | 'provisioned' | 'made by a sign-in'

/**
 * Decides about a create that could not simply make somebody (DESIGN 2.1, rules 3 to 5). It adopts whom a
 * sign-in made and SCIM has not written, and revives whoever was erased with the same bound object id.
 * Whatever else is there belongs to somebody. Pure.
 * @returns null when nobody is in the way
 */
export function judgeCreate(
  by: Provisioner,
  statement: UserStatement,
  { candidates, erased }: Found,
): Result<Return | null, DirectoryFailure> {
  const identityKey = statedIdentityKey(by, statement.externalId)
  const bound =
    candidates.find((one) => identityKey !== null && one.identityKey === identityKey) ?? null
  const named = candidates.find((one) => hasName(one, statement)) ?? null
  if (bound !== null) {
    if (holderOf(by, bound) === 'retired' || holderOf(by, bound) === 'other connection') {
      return objectIdTaken(by, statement, bound)
    }
    if (named !== null && named !== bound) return userNameTaken(by, statement, named)
    if (bound.person.scimAt === null) return ok({ kind: 'adopt', candidate: bound, bindTo: null })
    return named === bound
      ? provisionedAlready(statement, bound)
      : objectIdTaken(by, statement, bound)
  }
  if (named !== null) {
    const isSomebodyElse = identityKey !== null && named.identityKey !== null
    if (isSomebodyElse || holderOf(by, named) === 'other connection') {
      return userNameTaken(by, statement, named)
    }
    if (identityKey === null && isNamedByMapping(by, named)) return nameOfMapping(by, named)
    return named.person.scimAt === null
      ? ok({ kind: 'adopt', candidate: named, bindTo: identityKey })
      : provisionedAlready(statement, named)
  }
  return ok(
    erased === null || identityKey === null ? null : { kind: 'revive', erased, identityKey },
  )
}

/** An identity that a change binds. */
export type Binding = {
  readonly key: string
  /** Whether the statement says it for the first time; else it only holds on to what was said before. */
  readonly isNew: boolean
}

/**
 * Which identity a change binds, if any. A GUID binds whoever is not bound yet. Also one that was said before there
 * was a tenant to trust it under: whoever changes the person under Entra's connection and leaves it as it is, says
 * so too. A bound object id does not change (DESIGN 2.1, rules 1 and 3). Pure.
 */
export function judgeIdentity(
  by: Provisioner,
  statement: UserStatement,
  candidate: Candidate,
): Result<Binding | null, DirectoryFailure> {
  const { person, identityKey } = candidate
  const stated = statedIdentityKey(by, statement.externalId)
  const isNew = statement.externalId?.toLowerCase() !== person.externalId?.toLowerCase()
  if (stated === null && isNamedByMapping(by, candidate)) return nameOfMapping(by, candidate)
  if (stated === null || stated === identityKey) return ok(null)
  if (identityKey === null) return ok({ key: stated, isNew })
  if (!isNew) return ok(null)
  return err({
    code: 'directory.object_id_fixed',
    personId: person.id,
    detail: `externalId "${shown(statement.externalId)}" is another object id than the one that user ${person.id} is bound to, and a binding does not change: another object id is another person. If the userName was given to somebody new, retire user ${person.id} in Portico and then restart provisioning in Entra; otherwise map externalId to objectId in Entra and leave it so.`,
  })
}

/** Decides about a change whose new userName or object id somebody else may have; null when nobody has. Pure. */
export function judgeOwners(
  by: Provisioner,
  statement: UserStatement,
  { owners, bindTo }: { owners: readonly Candidate[]; bindTo: string | null },
): DirectoryFailure | null {
  const named = owners.find((one) => hasName(one, statement))
  if (named !== undefined) return userNameTaken(by, statement, named).failure
  const bound = owners.find((one) => bindTo !== null && one.identityKey === bindTo)
  return bound === undefined ? null : objectIdTaken(by, statement, bound).failure
}

/**
 * Whether somebody who is bound, and whom SCIM has not written, has a userName that only the mapping made: then the
 * name alone says nothing about who it is, or whoever chooses a claim would become the person whom SCIM means.
 */
function isNamedByMapping(by: Provisioner, { person, identityKey, views }: Candidate): boolean {
  if (identityKey === null || person.scimAt !== null) return false
  return !isOwnName(person.userName, views, { isEntra: by.entraTenantId !== null })
}

function nameOfMapping(by: Provisioner, owner: Candidate) {
  const { failure } = userNameTaken(by, owner.person, owner)
  const why =
    'That sign-in stated the name neither as NameID nor as UPN, so the name does not say that both are one person; an object id in externalId does.'
  return err({ ...failure, detail: `${failure.detail} ${why}` })
}

function hasName({ person }: Candidate, { userName }: UserStatement): boolean {
  return person.retiredAt === null && person.userNameKey === foldCase(userName)
}

function holderOf(by: Provisioner, { person }: Candidate): Holder {
  if (person.retiredAt !== null) return 'retired'
  if (person.connectionId !== by.connectionId) return 'other connection'
  return person.scimAt === null ? 'made by a sign-in' : 'provisioned'
}

const holders: Readonly<Record<Holder, (id: string) => string>> = {
  retired: (id) => `user ${id}, who was retired in Portico`,
  'other connection': (id) => `user ${id} of another connection of the organization`,
  provisioned: (id) => `user ${id}, who is provisioned already`,
  'made by a sign-in': (id) => `user ${id}, whom a first sign-in made`,
}

const nameRemedies: Readonly<Record<Holder, string>> = {
  retired: 'Restart provisioning in Entra.',
  'other connection':
    'Assign the person to one of the two applications only, or retire the other user in Portico and then restart provisioning in Entra.',
  provisioned:
    'If the name was given to somebody new, retire that user in Portico and then restart provisioning in Entra; otherwise correct userName in Entra, where two accounts come out with the same one.',
  'made by a sign-in':
    'If the name was given to somebody new, retire that user in Portico and then restart provisioning in Entra; if both are one person, let them keep the id that signed in and retire the other.',
}

const objectIdRemedies: Readonly<Record<Holder, string>> = {
  retired: 'Retiring is for good: remove the person from the application in Entra.',
  'other connection': nameRemedies['other connection'],
  provisioned:
    'In Entra, match users by userName or externalId and restart provisioning, so that the existing user is changed and not made again.',
  'made by a sign-in':
    'Restart provisioning in Entra, so that the existing user is matched and changed.',
}

function userNameTaken(
  by: Provisioner,
  { userName }: Pick<UserStatement, 'userName'>,
  owner: Candidate,
) {
  const holder = holderOf(by, owner)
  const { id } = owner.person
  return err({
    code: 'directory.user_name_taken' as const,
    personId: id,
    detail: `userName "${shown(userName)}" belongs to ${holders[holder](id)}. ${nameRemedies[holder]}`,
  })
}

function objectIdTaken(by: Provisioner, { externalId }: UserStatement, owner: Candidate) {
  const holder = holderOf(by, owner)
  const { id } = owner.person
  return err({
    code: 'directory.object_id_taken' as const,
    personId: id,
    detail: `externalId "${shown(externalId)}" is the object id of ${holders[holder](id)}. ${objectIdRemedies[holder]}`,
  })
}

function provisionedAlready({ userName }: UserStatement, { person }: Candidate) {
  return err({
    code: 'directory.provisioned_already' as const,
    personId: person.id,
    detail: `User ${person.id} is provisioned with userName "${shown(userName)}" already${person.deniedByScim ? ', and inactive' : ''}. In Entra, match users by userName and restart provisioning, so that the existing user is changed and not made again.`,
  })
}

function shown(text: string | null): string {
  return printable(text ?? '', 200)
}
