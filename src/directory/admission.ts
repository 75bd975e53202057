import { err, foldCase, ok, type Result } from '../kernel/index.ts'
import type { ConflictReason, DirectoryFailure } from './errors.ts'
import type { Person } from './person.ts'

/** Somebody whom a verified assertion speaks of. */
export type Subject = {
  /** The identity key: who this is for good (DESIGN 2.1, rule 1). */
  readonly identityKey: string
  /** The object id under Entra, else null. */
  readonly objectId: string | null
  readonly connectionId: string
  /** Names by which an unbound person of SCIM may be recognized: NameID and UPN, never email. */
  readonly names: readonly string[]
  /** The name for a new person; null when nothing usable was stated. */
  readonly userName: string | null
  /** Home tenant elsewhere, or an `#EXT#` name: a guest never takes a name that exists. */
  readonly isGuest: boolean
}

export type NamedPerson = { readonly person: Person; readonly boundKey: string | null }

/** What the directory holds that bears on the subject, read in one go. */
export type AdmissionFacts = {
  readonly firstLogin: boolean
  readonly bound: Person | null
  /** People who are not retired and whose userName is one of the subject's names. */
  readonly named: readonly NamedPerson[]
  readonly tombstonePersonId: string | null
  /** Who was erased with this very identity while an operator blocked them. */
  readonly blockedTombstonePersonId: string | null
}

export type Admission =
  | { readonly kind: 'known'; readonly person: Person; readonly rename: string | null }
  | { readonly kind: 'bind'; readonly person: Person }
  | { readonly kind: 'create'; readonly userName: string }

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Decides who signs in: somebody known by identity, somebody SCIM made and this sign-in binds, or
 * somebody new. Pure; the rules are DESIGN 2.1 "Who is who". Whatever is not clearly one of the three
 * is refused: never a second person for one name, never somebody else.
 */
export function admit(
  subject: Subject,
  facts: AdmissionFacts,
): Result<Admission, DirectoryFailure> {
  if (facts.bound !== null) return admitKnown(subject, facts, facts.bound)
  const [candidate, another] = facts.named
  if (candidate !== undefined && another !== undefined) {
    return conflict(candidate.person, 'two_people_match')
  }
  if (candidate !== undefined) return admitByName(subject, facts, candidate)
  if (facts.tombstonePersonId !== null) {
    return err({ code: 'directory.person_erased', personId: facts.tombstonePersonId })
  }
  if (subject.userName === null) return err({ code: 'directory.user_name_missing' })
  if (!facts.firstLogin)
    return err({ code: 'directory.not_provisioned', userName: subject.userName })
  return ok({ kind: 'create', userName: subject.userName })
}

function admitKnown(
  subject: Subject,
  facts: AdmissionFacts,
  person: Person,
): Result<Admission, DirectoryFailure> {
  if (!person.active || person.retiredAt !== null) {
    return err({
      code: 'directory.person_inactive',
      personId: person.id,
      deniedBy: deniers(person),
    })
  }
  return ok({ kind: 'known', person, rename: newName(subject, facts, person) })
}

/** A person only sign-ins know follows a changed UPN, as long as nobody has that name. */
function newName(subject: Subject, facts: AdmissionFacts, person: Person): string | null {
  if (person.scimAt !== null || subject.userName === null) return null
  const key = foldCase(subject.userName)
  if (key === person.userNameKey) return null
  return facts.named.some((named) => named.person.userNameKey === key) ? null : subject.userName
}

/**
 * The one way to bind by name: an active person of this connection whom SCIM made and nobody is bound
 * to. Everything else means that the name was reused, lent or claimed by somebody else.
 */
function admitByName(
  subject: Subject,
  { blockedTombstonePersonId }: AdmissionFacts,
  { person, boundKey }: NamedPerson,
): Result<Admission, DirectoryFailure> {
  if (subject.isGuest) return conflict(person, 'guest')
  // A claim that an admin mapped to userName may be anything, such as an email: it names, it never links.
  const isNamed = subject.names.some((name) => foldCase(name) === person.userNameKey)
  if (!isNamed) return conflict(person, 'other_claim')
  if (boundKey !== null) return conflict(person, 'bound_to_another_object_id')
  if (person.scimAt === null) return conflict(person, 'made_by_sign_in')
  if (person.connectionId !== null && person.connectionId !== subject.connectionId) {
    return conflict(person, 'other_connection')
  }
  const externalId = person.externalId?.toLowerCase() ?? ''
  // Only under Entra is a GUID in externalId an object id (rule 1).
  const isOther = guid.test(externalId) && externalId !== subject.objectId
  if (subject.objectId !== null && isOther) {
    return conflict(person, 'external_id_is_another_object_id')
  }
  if (!person.active) return conflict(person, 'inactive')
  // Deleting somebody and making them anew lifts no block: it stands until an operator lifts the tombstone.
  if (blockedTombstonePersonId !== null) {
    return err({ code: 'directory.person_erased', personId: blockedTombstonePersonId })
  }
  return ok({ kind: 'bind', person })
}

function conflict(person: Person, reason: ConflictReason): Result<never, DirectoryFailure> {
  return err({
    code: 'directory.identity_conflict',
    userName: person.userName,
    reason,
    personId: person.id,
  })
}

/** Which sources deny a person, for the event and the operator. */
export function deniers(person: Person): readonly string[] {
  return [
    ...(person.deniedByScim ? ['scim'] : []),
    ...(person.deniedByGraph ? ['graph'] : []),
    ...(person.deniedByManual ? ['manual'] : []),
    ...(person.retiredAt !== null ? ['retired'] : []),
  ]
}
