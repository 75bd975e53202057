/**
 * A tenant of the simulator, read by Portico's Graph client, and people who are held in memory: a reconciler
 * without a database, which plans and applies page by page. What it comes to is what the real one must come to.
 */
import {
  builtInAttributes,
  type Mapping,
  mappedNames,
  mergeView,
  resolve,
} from '../../src/directory/index.ts'
import {
  type AssignmentsPage,
  createGraphClient,
  createTokenCache,
  type DeltaFrom,
  type GraphUser,
  graphStatements,
  isDisabled,
  isGuest,
  type MembersPage,
} from '../../src/graph/index.ts'
import type { Result } from '../../src/kernel/index.ts'
import {
  type DriftItem,
  defaultSettings,
  type GraphStatement,
  type HeldMember,
  type HeldPerson,
  type PersonWrite,
  type PlanInput,
  plan,
  planMembers,
  type Settings,
} from '../../src/reconcile/index.ts'
import { secret, startGraph } from '../simulator/graph-world.ts'
import { appId, baseUrl, tenantId } from '../simulator/simulator.ts'
import type { Outcome, ScenarioWorld, ScimWish } from './scenario-table.ts'
import { applied, heldPerson, settingsWith, type Values } from './support.ts'

const startMapping: Mapping = {
  version: 1,
  rules: {
    userName: { scim: ['userName'], graph: ['userPrincipalName'], saml: ['upn'] },
    title: { scim: ['title'], graph: ['jobTitle'], saml: ['jobTitle'] },
    department: { scim: ['department'], graph: ['department'], saml: ['department'] },
    manager: { scim: ['manager'], graph: ['manager'] },
    mobile: { scim: ['mobile'], graph: ['mobilePhone'] },
  },
}

export type TenantWorld = ScenarioWorld & { readonly graph: Awaited<ReturnType<typeof startGraph>> }

export async function openTenantWorld(): Promise<TenantWorld> {
  const graph = await startGraph()
  await graph.set({ deltaPageSize: 5 })
  const { simulator, call } = graph
  const { time } = simulator
  const client = createGraphClient(
    {
      fetch: async (url, init) => {
        const response = await simulator.request(url.replace(baseUrl, ''), init)
        await world.afterAnswer(url)
        return response
      },
      clock: { nowMs: () => time.nowMs },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      loginUrl: baseUrl,
      graphUrl: baseUrl,
      tokens: createTokenCache(),
    },
    { cacheKey: '1', tenantId, clientId: appId, proof: { kind: 'secret', secret } },
  )
  let held: Pick<PlanInput, 'people' | 'strangers'> = { people: [], strangers: new Map() }
  let mapping = startMapping
  let settings: Settings = defaultSettings
  let deltaLink: string | null = null
  let serial = 0
  const groups: {
    readonly id: string
    readonly objectId: string
    readonly scimAt: number
    members: readonly Omit<HeldMember, 'objectId'>[]
  }[] = []

  const world: TenantWorld = {
    graph,
    afterAnswer: async () => {},
    later(minutes) {
      time.nowMs += minutes * 60_000
    },
    call,
    async policies(policies) {
      settings = settingsWith(policies)
    },
    async remap(rules) {
      mapping = { version: mapping.version + 1, rules: { ...mapping.rules, ...rules } }
    },
    async provision(userName, wish = {}) {
      serial++
      const id = `usr_${serial}`
      const one = heldPerson(serial, [], {
        identityKey: null,
        known: null,
        person: { id, userName, connectionId: 'con_1', createdAt: time.nowMs, scimAt: time.nowMs },
      })
      held = { ...held, people: [...held.people, one] }
      say(id, wish)
      return id
    },
    async patch(id, wish) {
      say(id, wish)
    },
    async block(id) {
      const blocked = { deniedByManual: true, active: false }
      change(id, (one) => ({ ...one, person: { ...one.person, ...blocked } }))
    },
    async person(id) {
      const one = held.people.find(({ person }) => person.id === id)
      if (one === undefined) throw new Error(`no ${id}`)
      return { ...one.person, identityKey: one.identityKey }
    },
    async provisionGroup(objectId, memberIds) {
      const groupId = `grp_${groups.length + 1}`
      const members = memberIds.map((personId) => ({
        personId,
        source: 'scim' as const,
        at: time.nowMs,
      }))
      groups.push({ id: groupId, objectId, scimAt: time.nowMs, members })
      return groupId
    },
    members: async (groupId) =>
      groups.find(({ id }) => id === groupId)?.members.map(({ personId }) => personId) ?? [],
    activePeople: async () => held.people.filter(({ person }) => person.active).length,
    reconcile,
  }
  return world

  function change(id: string, to: (one: HeldPerson) => HeldPerson): void {
    const people = held.people.map((one) => (one.person.id === id ? to(one) : one))
    held = { ...held, people }
  }

  /** What SCIM says of a person from now on. */
  function say(id: string, { values = {}, active }: ScimWish): void {
    change(id, (one) => {
      const person = {
        ...one.person,
        deniedByScim: active === undefined ? one.person.deniedByScim : !active,
      }
      const { userName } = person
      return hear({ ...one, person, scimSaidAt: time.nowMs }, { userName, ...values })
    })
  }

  function hear(one: HeldPerson, values: Values): HeldPerson {
    const source = 'scim'
    const previous = one.views.find((view) => view.source === source) ?? null
    const stated = new Map(
      Object.entries(values).map(([name, value]) => [name, value === null ? [] : [value]]),
    )
    const views = [
      ...one.views.filter((view) => view.source !== source),
      mergeView(previous, { source, at: time.nowMs, stated }),
    ]
    const { deniedByScim, deniedByGraph, deniedByManual } = one.person
    return {
      ...one,
      views,
      person: {
        ...one.person,
        ...resolve(builtInAttributes, mapping, views),
        mappingVersion: mapping.version,
        active: !deniedByScim && !deniedByGraph && !deniedByManual,
      },
    }
  }

  /** A whole run: from the last deltaLink, or of everybody. */
  async function reconcile({
    full = deltaLink === null,
  }: {
    readonly full?: boolean
  } = {}): Promise<Outcome> {
    const drift: DriftItem[] = []
    const writes: PersonWrite[] = []
    const startedAt = time.nowMs
    const names = [...new Set(['userPrincipalName', ...mappedNames(mapping, 'graph')])]
    const { requiresAssignment } = await must(() => client.application(appId))
    const assigned = await readAssigned()
    const seen = new Set<string>()
    const use = (statements: readonly GraphStatement[]) => {
      const input: PlanInput = {
        ruleset: { version: mapping.version, definitions: builtInAttributes, mapping },
        settings,
        connectionId: 'con_1',
        tenantId,
        requiresAssignment,
        nowMs: time.nowMs,
        ...held,
        erased: new Set(),
        personOf: new Map(),
        statements,
      }
      const outcome = plan(input)
      drift.push(...outcome.drift)
      writes.push(...outcome.writes)
      held = applied(input, outcome)
    }
    const statementOf = (one: GraphUser, at: number, isWhole: boolean): GraphStatement => {
      const disabled = isDisabled(one)
      return {
        objectId: one.id,
        state: disabled === null ? null : disabled ? 'disabled' : 'enabled',
        isLacked: false,
        assigned: assigned.has(one.id),
        appRoles: [],
        stated: graphStatements(one, { names, isWhole }),
        isWhole,
        isGuest: isGuest(one),
        at,
        startedAt,
      }
    }
    const silent = (objectId: string, rest: Partial<GraphStatement>): GraphStatement => ({
      ...statementOf({ id: objectId, stated: new Map() }, startedAt, false),
      state: null,
      assigned: null,
      ...rest,
    })
    let from: DeltaFrom = full || deltaLink === null ? { select: names } : { link: deltaLink }
    for (;;) {
      const at = time.nowMs
      const page = await client.usersDeltaPage(from)
      if (!page.ok && page.failure.code === 'graph.resync') return reconcile({ full: true })
      if (!page.ok) continue
      for (const { id } of page.value.users) seen.add(id)
      use([
        ...page.value.users.map((one) => statementOf(one, at, full)),
        ...page.value.removed.map(({ id, reason }) =>
          silent(id, { state: reason === 'changed' ? 'deleted' : 'gone', at }),
        ),
      ])
      if (page.value.deltaLink !== null) {
        deltaLink = page.value.deltaLink
        break
      }
      from = { link: page.value.nextLink ?? '' }
    }
    const known = [
      ...held.people.flatMap(({ identityKey }) => identityKey?.split(':')[2] ?? []),
      ...held.strangers.keys(),
    ]
    if (full)
      use(
        known
          .filter((id) => !seen.has(id))
          .map((id) => silent(id, { state: 'gone', isLacked: true })),
      )
    use(known.filter((id) => !assigned.has(id)).map((id) => silent(id, { assigned: false })))
    const fresh = [...assigned].filter((id) => !seen.has(id) && !isKnownAssigned(id))
    for (let i = 0; i < fresh.length; i += 20) {
      const at = time.nowMs
      const { users } = await must(() => client.usersById(fresh.slice(i, i + 20), names))
      use(users.map((one) => statementOf(one, at, true)))
    }
    for (const group of groups) drift.push(...(await readGroup(group)))
    return { drift, changed: writes.length }
  }

  async function readGroup(group: (typeof groups)[number]): Promise<readonly DriftItem[]> {
    const readStartedAt = time.nowMs
    const stated = await readMembers(group.objectId)
    const objectOf = new Map(
      held.people.map(({ person, identityKey }) => [person.id, identityKey?.split(':')[2] ?? null]),
    )
    const personOf = new Map(
      [...objectOf].flatMap(([personId, object]) =>
        object === null ? [] : [[object, personId] as const],
      ),
    )
    const outcome = planMembers({
      settings,
      group: { ...group, roles: [] },
      held: group.members.map((one) => ({ ...one, objectId: objectOf.get(one.personId) ?? null })),
      stated,
      personOf,
      readStartedAt,
    })
    group.members = [
      ...group.members.filter(({ personId }) => !outcome.remove.includes(personId)),
      ...outcome.add.map((personId) => ({ personId, source: 'graph' as const, at: readStartedAt })),
    ]
    return outcome.drift
  }

  function isKnownAssigned(id: string): boolean {
    const one = held.people.find(({ identityKey }) => identityKey?.endsWith(id) === true)
    return (one?.known ?? held.strangers.get(id))?.assigned === true
  }

  async function readAssigned(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>()
    for (let link: string | null = null, first = true; first || link !== null; first = false) {
      const from: string | null = link
      const page: AssignmentsPage = await must(() => client.assignmentsPage(appId, from))
      for (const { principalId, principalType } of page.assignments) {
        const members = principalType === 'group' ? await readMembers(principalId) : [principalId]
        for (const id of members) ids.add(id)
      }
      link = page.nextLink
    }
    return ids
  }

  async function readMembers(groupId: string): Promise<readonly string[]> {
    const ids: string[] = []
    for (let link: string | null = null, first = true; first || link !== null; first = false) {
      const from: string | null = link
      const page: MembersPage = await must(() => client.groupMembersPage(groupId, from))
      ids.push(...page.memberIds)
      link = page.nextLink
    }
    return ids
  }
}

/** Asks until there is an answer, as a run does over its pauses. */
async function must<T, F>(ask: () => Promise<Result<T, F>>): Promise<T> {
  let last: unknown
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask()
    if (answer.ok) return answer.value
    last = answer.failure
  }
  throw new Error(JSON.stringify(last))
}
