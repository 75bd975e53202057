import {
  builtInAttributes,
  type Mapping,
  resolve,
  type SourceView,
} from '../../src/directory/index.ts'
import { foldCase } from '../../src/kernel/index.ts'
import {
  defaultSettings,
  type GraphStatement,
  type HeldPerson,
  type KnownUser,
  type Plan,
  type PlanInput,
  type Policies,
  type Settings,
} from '../../src/reconcile/index.ts'

export const tenantId = '11111111-1111-4111-8111-111111111111'
export const connectionId = 'con_contoso'
/** A moment, and others by hours from it. */
export const noon = Date.UTC(2026, 5, 1, 12)
export const hours = (n: number) => noon + n * 60 * 60 * 1000

export function objectId(n: number): string {
  return `aaaaaaaa-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

const mapping: Mapping = {
  version: 3,
  rules: {
    userName: {
      scim: ['userName'],
      graph: ['userPrincipalName'],
      saml: ['upn'],
      manual: ['userName'],
    },
    title: { scim: ['title'], graph: ['jobTitle'], saml: ['jobTitle'], manual: ['title'] },
    department: {
      scim: ['department'],
      graph: ['department'],
      saml: ['department'],
      manual: ['department'],
    },
    manager: { scim: ['manager'], graph: ['manager'] },
  },
}

export const ruleset = { version: 3, definitions: builtInAttributes, mapping }

export function settingsWith(policies: Partial<Policies>): Settings {
  return { ...defaultSettings, policies: { ...defaultSettings.policies, ...policies } }
}

export type Values = Readonly<Record<string, string | null>>

/** A view whose statements were all made at one time; null is a blank. */
export function view(source: SourceView['source'], at: number, values: Values): SourceView {
  const attributes = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { values: value === null ? [] : [value], changedAt: at },
    ]),
  )
  return { source, at, attributes }
}

type Columns = Partial<HeldPerson['person']>

/** A person of SCIM, bound to the object of the number, with the profile that the views resolve to. */
export function heldPerson(
  n: number,
  views: readonly SourceView[] = [],
  rest: Partial<Omit<HeldPerson, 'person'>> & { readonly person?: Columns } = {},
): HeldPerson {
  const { person, ...columns } = rest
  const userName = person?.userName ?? `user${n}@contoso.example`
  const { profile, provenance } = resolve(ruleset.definitions, ruleset.mapping, views)
  const denials = {
    deniedByScim: person?.deniedByScim ?? false,
    deniedByGraph: person?.deniedByGraph ?? false,
    deniedByManual: person?.deniedByManual ?? false,
  }
  return {
    identityKey: `entra:${tenantId}:${objectId(n)}`,
    views,
    scimSaidAt: hours(-100),
    known: { assigned: true, appRoles: [], state: 'enabled', changedAt: hours(-50) },
    ...columns,
    person: {
      id: `usr_${n}`,
      organizationId: 'org_contoso',
      connectionId,
      userName,
      searchName: null,
      searchFamily: null,
      searchEmail: null,
      externalId: null,
      createdBy: 'scim',
      scimAt: hours(-200),
      profile,
      provenance,
      groups: [],
      roles: [],
      mappingVersion: ruleset.version,
      version: 7,
      lastSignInAt: null,
      retiredAt: null,
      eraseAt: null,
      createdAt: hours(-200),
      updatedAt: hours(-200),
      ...person,
      ...denials,
      userNameKey: foldCase(userName),
      active: !denials.deniedByScim && !denials.deniedByGraph && !denials.deniedByManual,
    },
  }
}

/** A whole read, at noon, of somebody who is enabled and assigned. */
export function statement(
  n: number,
  values: Values = {},
  rest: Partial<GraphStatement> = {},
): GraphStatement {
  const stated = { userPrincipalName: `user${n}@contoso.example`, ...values }
  return {
    objectId: objectId(n),
    state: 'enabled',
    isLacked: false,
    assigned: true,
    appRoles: [],
    stated: new Map(
      Object.entries(stated).map(([name, value]) => [name, value === null ? [] : [value]]),
    ),
    isWhole: true,
    isGuest: false,
    at: noon,
    startedAt: noon,
    ...rest,
  }
}

/** A statement that says only what is given. */
export function mention(n: number, rest: Partial<GraphStatement>): GraphStatement {
  const silent = { state: null, assigned: null, appRoles: null, stated: new Map(), isWhole: false }
  return { ...statement(n), ...silent, ...rest }
}

export function inputOf(
  people: readonly HeldPerson[],
  statements: readonly GraphStatement[],
  rest: Partial<PlanInput> = {},
): PlanInput {
  return {
    ruleset,
    settings: defaultSettings,
    connectionId,
    tenantId,
    requiresAssignment: true,
    nowMs: noon,
    people,
    strangers: new Map(),
    personOf: new Map(),
    erased: new Set(),
    statements,
    ...rest,
  }
}

/** What is held after a plan was applied: what the engine does, in memory. */
export function applied(input: PlanInput, plan: Plan): Pick<PlanInput, 'people' | 'strangers'> {
  const users = new Map(plan.users.map((one) => [one.objectId, one]))
  const people = input.people.map((held): HeldPerson => {
    const write = plan.writes.find(({ personId }) => personId === held.person.id)
    const identityKey = write?.bindTo ?? held.identityKey
    const user = users.get(identityKey?.split(':')[2] ?? '')
    const known = user?.personId === held.person.id ? knownOf(user) : held.known
    if (write === undefined) return { ...held, known }
    const userName = write.rename ?? held.person.userName
    return {
      ...held,
      identityKey,
      known,
      views:
        write.view === null
          ? held.views
          : [...held.views.filter(({ source }) => source !== 'graph'), write.view],
      person: {
        ...held.person,
        ...(write.resolved ?? {}),
        mappingVersion: write.resolved === null ? held.person.mappingVersion : write.mappingVersion,
        userName,
        userNameKey: foldCase(userName),
        deniedByGraph: write.deniedByGraph,
        active: write.active,
        eraseAt: write.eraseAt,
        version: held.person.version + 1,
      },
    }
  })
  const made = plan.creates.map((create) =>
    heldPerson(0, [create.view], {
      identityKey: create.identityKey,
      known: knownOf(users.get(create.objectId) ?? input.strangers.get(create.objectId)),
      scimSaidAt: null,
      person: { id: `usr_made_${create.objectId}`, userName: create.userName, scimAt: null },
    }),
  )
  const strangers = new Map(input.strangers)
  for (const user of plan.users) {
    if (user.personId === null) strangers.set(user.objectId, knownOf(user))
    else strangers.delete(user.objectId)
  }
  for (const create of plan.creates) strangers.delete(create.objectId)
  return { people: [...people, ...made], strangers }
}

function knownOf(user: KnownUser | undefined): KnownUser {
  if (user === undefined) throw new Error('a person is made without a row of graph_users')
  const { assigned, appRoles, state, changedAt } = user
  return { assigned, appRoles, state, changedAt }
}
