import { mergeView, resolve } from '../directory/index.ts'
import { foldCase } from '../kernel/index.ts'
import { addBrakeUse } from './brake.ts'
import { actionOf, type DriftItem } from './drift.ts'
import { sameKnown } from './plan-account.ts'
import {
  identityKeyOf,
  indexPeople,
  type Match,
  matchUser,
  type People,
  principalName,
  type UnlinkedReason,
  unlinkedRules,
} from './plan-identity.ts'
import { planPerson } from './plan-person.ts'
import type {
  BrakeUse,
  GraphStatement,
  KnownUser,
  KnownUserWrite,
  PersonCreate,
  PersonWrite,
  Plan,
  PlanInput,
} from './plan-types.ts'
import { createsPeople } from './settings.ts'

/**
 * What one page of Graph's statements comes to: pure and printable, nothing but what to write, what differs and
 * what the brake counts. Applied and planned again from the same statements, nothing is left to do; whoever is
 * unchanged costs no write.
 */
export function plan(input: PlanInput): Plan {
  const people = indexPeople(input.people)
  const statements = combine(input.statements).map((one) => withManager(one, input))
  const matches = statements.map((statement) => ({
    statement,
    match: matchUser(statement, people, input),
  }))
  const claimed = claimedTwice(matches.map(({ match }) => match))
  const writes: PersonWrite[] = []
  const creates: PersonCreate[] = []
  const users: KnownUserWrite[] = []
  const drift: DriftItem[] = []
  let brakeUse: BrakeUse = {}
  for (const { statement, match } of matches) {
    if (match.kind === 'bound' || (match.kind === 'bind' && !claimed.has(match.held.person.id))) {
      if (match.held.person.retiredAt !== null) continue
      const bindTo = match.kind === 'bind' ? match.identityKey : null
      const one = planPerson(match.held, statement, { input, people, bindTo })
      if (one.write !== null) writes.push(one.write)
      if (one.user !== null) users.push(one.user)
      drift.push(...one.drift)
      brakeUse = addBrakeUse(brakeUse, Object.fromEntries(one.uses.map((what) => [what, 1])))
      if (match.kind === 'bound' && match.namesake !== null) {
        drift.push(
          unlinked(statement, { personId: match.namesake.person.id, reason: 'two_people', input }),
        )
      }
      continue
    }
    const known = strangerNow(statement, input)
    const before = input.strangers.get(statement.objectId) ?? null
    if (known !== null && (before !== null || known.assigned) && !sameKnown(before, known)) {
      users.push({ ...known, objectId: statement.objectId, personId: null })
    }
    if (match.kind !== 'nobody') {
      const reason = match.kind === 'unlinked' ? match.reason : 'two_people'
      drift.push(unlinked(statement, { personId: match.held.person.id, reason, input }))
      continue
    }
    const missing = planMissing(statement, { known, people, input })
    if (missing.item !== null) drift.push(missing.item)
    if (missing.create !== null) creates.push(missing.create)
  }
  return { writes, creates, users, drift, brakeUse }
}

/** A user who is mentioned several times: the parts together, what was read later on top. In a fixed order. */
function combine(statements: readonly GraphStatement[]): readonly GraphStatement[] {
  const byObject = new Map<string, GraphStatement>()
  for (const one of statements.toSorted((a, b) => a.at - b.at)) {
    const earlier = byObject.get(one.objectId)
    byObject.set(one.objectId, earlier === undefined ? one : together(earlier, one))
  }
  return [...byObject.values()].toSorted((a, b) => (a.objectId < b.objectId ? -1 : 1))
}

function together(earlier: GraphStatement, later: GraphStatement): GraphStatement {
  return {
    ...later,
    state: later.state ?? earlier.state,
    isLacked: later.state === null ? earlier.isLacked : later.isLacked,
    assigned: later.assigned ?? earlier.assigned,
    appRoles: later.appRoles ?? earlier.appRoles,
    stated: new Map([...earlier.stated, ...later.stated]),
    isWhole: earlier.isWhole || later.isWhole,
    isGuest: earlier.isGuest || later.isGuest,
  }
}

/** The manager as SCIM names them; whoever is nobody here keeps the object id. */
function withManager(
  statement: GraphStatement,
  { personOf }: Pick<PlanInput, 'personOf'>,
): GraphStatement {
  const personId = personOf.get(statement.stated.get('manager')?.[0] ?? '')
  if (personId === undefined) return statement
  return { ...statement, stated: new Map([...statement.stated, ['manager', [personId]]]) }
}

/** Ids of people whom two users of the tenant seem to be: then neither is bound. */
function claimedTwice(matches: readonly Match[]): ReadonlySet<string> {
  const ids = matches.flatMap((one) => (one.kind === 'bind' ? [one.held.person.id] : []))
  return new Set(ids.filter((id, i) => ids.indexOf(id) !== i))
}

/** What is known of a user who is nobody here; null while something of it is not. */
function strangerNow(
  { objectId, ...now }: GraphStatement,
  { strangers }: Pick<PlanInput, 'strangers'>,
): KnownUser | null {
  const before = strangers.get(objectId)
  if (before !== undefined && now.at < before.changedAt) return before
  const state = now.state ?? before?.state ?? null
  const assigned = now.assigned ?? before?.assigned ?? null
  if (state === null || assigned === null) return null
  return { state, assigned, appRoles: now.appRoles ?? before?.appRoles ?? [], changedAt: now.at }
}

function unlinked(
  statement: GraphStatement,
  {
    personId,
    reason,
    input,
  }: { readonly personId: string; readonly reason: UnlinkedReason; readonly input: PlanInput },
): DriftItem {
  return {
    kind: 'duplicate_unlinked',
    personId,
    groupId: null,
    objectId: statement.objectId,
    attribute: null,
    stated: { userPrincipalName: principalName(statement) },
    held: { reason },
    rule: unlinkedRules[reason],
    action: input.settings.policies.duplicate_unlinked === 'ignore' ? 'ignored' : 'reported',
  }
}

/** Somebody who may sign in at the tenant and is nobody here; told, and made where the policy says so. */
function planMissing(
  statement: GraphStatement,
  {
    known,
    people,
    input,
  }: { readonly known: KnownUser | null; readonly people: People; readonly input: PlanInput },
): { readonly item: DriftItem | null; readonly create: PersonCreate | null } {
  const { objectId, at, stated } = statement
  const userName = principalName(statement)
  const isMissing = known?.assigned === true && known.state === 'enabled' && userName !== null
  // What is older than what is known of them is no news of anybody.
  if (!isMissing || !statement.isWhole || at < known.changedAt) return { item: null, create: null }
  const isErased = input.erased.has(objectId)
  const isMade =
    createsPeople(input.settings) && !isErased && !people.byName.has(foldCase(userName))
  const item: DriftItem = {
    kind: 'person_missing',
    personId: null,
    groupId: null,
    objectId,
    attribute: null,
    stated: { userPrincipalName: userName },
    held: null,
    rule: isErased
      ? 'The account was erased here: only SCIM, or an admin who lifts the tombstone, brings it back.'
      : 'Graph makes people only where the policy for missing ones is to repair.',
    action: isMade
      ? 'repaired'
      : actionOf[isErased ? 'report' : input.settings.policies.person_missing],
  }
  if (!isMade) return { item, create: null }
  const { version, definitions, mapping } = input.ruleset
  const view = mergeView(null, { source: 'graph', at, stated })
  return {
    item,
    create: {
      objectId,
      identityKey: identityKeyOf(input.tenantId, objectId),
      userName,
      view,
      resolved: resolve(definitions, mapping, [view]),
      mappingVersion: version,
      deniedByGraph: false,
    },
  }
}
