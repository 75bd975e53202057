import { type Database, runBatch } from '../db/index.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import type { DirectoryFailure } from './errors.ts'
import type { UserConsequences, UserEvent } from './provision-event.ts'
import { judgeIdentity, judgeOwners } from './provision-judge.ts'
import {
  type Candidate,
  personQuery,
  provisionedUser,
  readCandidates,
} from './provision-people-store.ts'
import { planUser } from './provision-plan.ts'
import { writeUser } from './provision-write.ts'
import type { ProvisionedUser, Provisioner, UserStatement } from './provisioning.ts'

/** How often a request is judged anew because another one came between. */
export const provisionAttempts = 5

/** The person as they are now, within the credential's reach, or null. One call. */
export async function readPerson(
  db: Database,
  by: Provisioner,
  id: string,
): Promise<Candidate | null> {
  const [answer] = await runBatch(db, [personQuery(db, by, id)])
  return readCandidates(answer)[0] ?? null
}

/**
 * Changes a person in a read and one batch, judged anew when another change, of the mapping too, came between. What is so already is
 * not written: no new version, no event, one call. Whoever is denied has no session from the batch on.
 * @param change what SCIM shall say of the person, given what it says; null when the request says nothing new.
 *   If-Match is checked there, against the version that was read
 * @returns what `change` refuses, `directory.resource_not_found`, `directory.user_name_taken`,
 *   `directory.object_id_taken`, `directory.object_id_fixed` (DESIGN 2.1, rule 3), or `directory.busy` when
 *   others were quicker five times
 */
export async function changeUser<F>(
  db: Database,
  by: Provisioner,
  id: string,
  change: (user: ProvisionedUser) => Result<UserStatement | null, F>,
  also: UserConsequences,
): Promise<Result<ProvisionedUser, F | DirectoryFailure>> {
  let holdsOn = true
  for (let attempt = 0; attempt < provisionAttempts; attempt++) {
    const before = await readPerson(db, by, id)
    if (before === null) return err({ code: 'directory.resource_not_found', user: id })
    const user = provisionedUser(before)
    const wanted = change(user)
    if (!wanted.ok) return wanted
    const statement = wanted.value
    if (statement === null) return ok(user)
    const identity = judgeIdentity(by, statement, before)
    if (!identity.ok) return identity
    const ruleset = await by.rules.at(db, before.mappingVersion)
    const planned = await planUser(by, { statement, before, ruleset })
    const binding = identity.value
    if (!planned.isSeen && !planned.isStated && binding?.isNew !== true) return ok(user)
    const bindTo = binding !== null && (binding.isNew || holdsOn) ? binding.key : null
    const eventType = eventTypeOf(before, statement)
    const written = await writeUser(
      db,
      by,
      { before, statement, planned, bindTo, eventType, lifts: [] },
      also,
    )
    if (written.isWritten) return ok(written.user)
    const taken = judgeOwners(by, statement, { owners: written.owners, bindTo })
    if (taken === null) continue
    // What the request does not say is no reason to refuse it.
    const isHeldOnTo = taken.code === 'directory.object_id_taken' && binding?.isNew === false
    if (!isHeldOnTo) return err(taken)
    holdsOn = false
  }
  return err({ code: 'directory.busy' })
}

function eventTypeOf({ person, scim }: Candidate, { active }: UserStatement): UserEvent['type'] {
  if (active === person.deniedByScim) return active ? 'user.reactivated' : 'user.deactivated'
  return scim === null ? 'user.adopted' : 'user.updated'
}
