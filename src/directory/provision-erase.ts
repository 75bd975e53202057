import { allOf, always, type Database, type Guard, runBatch } from '../db/index.ts'
import { err, ok, type Result } from '../kernel/index.ts'
import type { DirectoryFailure } from './errors.ts'
import { provisionAttempts, readPerson } from './provision-change.ts'
import type { UserConsequences, UserEvent } from './provision-event.ts'
import { nameTombstones } from './provision-identity.ts'
import { personAt, provisionedUser } from './provision-people-store.ts'
import { deletePerson } from './provision-write-store.ts'
import type { ProvisionedUser, Provisioner } from './provisioning.ts'
import { buryPerson } from './tombstones-store.ts'

/**
 * Erases a person in a read and one batch: sessions, views, groups and the details of events go with them. A
 * tombstone stays, of the bound identity or else of the userName by HMAC, so that nobody else is taken for
 * them (DESIGN 2.1, rule 5).
 * @param check whether the request may erase what was read (If-Match); null when any version will do
 * @param when what must still hold besides, whoever changed the person
 * @returns what `check` refuses, `directory.resource_not_found`, or `directory.busy` when others were quicker
 *   five times
 */
export async function eraseUser<F>(
  db: Database,
  by: Provisioner,
  id: string,
  check: ((user: ProvisionedUser) => Result<unknown, F>) | null,
  also: UserConsequences,
  when: Guard = always,
): Promise<Result<null, F | DirectoryFailure>> {
  for (let attempt = 0; attempt < provisionAttempts; attempt++) {
    const before = await readPerson(db, by, id)
    if (before === null) return err({ code: 'directory.resource_not_found', user: id })
    const checked = check === null ? ok(null) : check(provisionedUser(before))
    if (!checked.ok) return checked
    const { person, identityKey } = before
    const [nameKey] = identityKey === null ? await nameTombstones(by.keyRing, person.userName) : []
    const key = identityKey ?? nameKey ?? ''
    const tombstone = { personId: id, wasBlocked: person.deniedByManual }
    const guard = allOf(personAt(by, person), when)
    const event: UserEvent = {
      type: 'user.erased',
      personId: id,
      sent: [],
      changed: [],
      values: {},
    }
    const results = await runBatch(db, [
      buryPerson(db, { by, key, tombstone }, guard),
      ...also.onDenied(id, guard),
      ...also.events(event, guard),
      ...also.onErased(id, guard),
      deletePerson(db, { by, personId: id }, guard),
    ])
    if ((results.at(-1) as readonly unknown[]).length > 0) return ok(null)
  }
  return err({ code: 'directory.busy' })
}
