import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeView, resolve, type SourceView } from '../../src/directory/index.ts'
import {
  driftKinds,
  type GraphStatement,
  type HeldPerson,
  type PlanInput,
  plan,
  policies,
  type Settings,
} from '../../src/reconcile/index.ts'
import { cases } from '../support/cases.ts'
import {
  applied,
  heldPerson,
  hours,
  inputOf,
  mention,
  ruleset,
  settingsWith,
  type Values,
  view,
} from './support.ts'

const names = {
  scim: ['title', 'department'],
  graph: ['jobTitle', 'department', 'manager'],
  saml: ['jobTitle', 'department'],
  manual: ['title'],
} as const
const text = fc.constantFrom('a', 'b', 'c', null)
const time = fc.integer({ min: -20, max: 20 }).map(hours)
const states = fc.constantFrom('enabled', 'disabled', 'deleted', 'gone')

function valuesOf(of: readonly string[]): fc.Arbitrary<Values> {
  const fields = Object.fromEntries(of.map((name) => [name, text]))
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Values>
}

const someView = (source: SourceView['source']) =>
  fc.option(fc.tuple(time, valuesOf(names[source])).map(([at, values]) => view(source, at, values)))

const views = fc
  .tuple(someView('scim'), someView('graph'), someView('saml'), someView('manual'))
  .map((all) => all.filter((one) => one !== null))

const known = fc.option(
  fc.record({ assigned: fc.boolean(), appRoles: fc.constant([]), state: states, changedAt: time }),
)

function person(n: number): fc.Arbitrary<HeldPerson> {
  return fc
    .record({
      views,
      known,
      isBound: fc.boolean(),
      scimSaidAt: fc.option(time),
      person: fc.record({
        deniedByScim: fc.boolean(),
        deniedByGraph: fc.boolean(),
        deniedByManual: fc.boolean(),
        scimAt: fc.option(time),
        eraseAt: fc.option(time),
      }),
    })
    .map(({ isBound, views: all, ...rest }) =>
      heldPerson(n, all, { ...rest, ...(isBound ? {} : { identityKey: null, known: null }) }),
    )
}

function said(n: number): fc.Arbitrary<GraphStatement> {
  return fc
    .record({
      values: valuesOf(names.graph),
      state: fc.option(states),
      isLacked: fc.boolean(),
      assigned: fc.option(fc.boolean()),
      isWhole: fc.boolean(),
      isGuest: fc.boolean(),
      at: time,
    })
    .map(({ values, ...rest }) => {
      const all = { userPrincipalName: `user${n}@contoso.example`, ...values }
      const stated = Object.entries(all).map(([name, value]): [string, readonly string[]] => [
        name,
        value === null ? [] : [value],
      ])
      return mention(n, { ...rest, startedAt: rest.at, stated: new Map(stated) })
    })
}

const settings: fc.Arbitrary<Settings> = fc
  .array(fc.constantFrom(...policies), {
    minLength: driftKinds.length,
    maxLength: driftKinds.length,
  })
  .map((chosen) =>
    settingsWith(Object.fromEntries(driftKinds.map((kind, i) => [kind, chosen[i] ?? 'repair']))),
  )

type World = Pick<PlanInput, 'people' | 'strangers'>

const world = fc.record({
  people: fc.tuple(person(1), person(2), person(3)),
  settings,
  requiresAssignment: fc.boolean(),
})
const page = fc.array(fc.integer({ min: 1, max: 4 }).chain(said), { maxLength: 6 })

function run(held: World, statements: readonly GraphStatement[], rest: Partial<PlanInput>) {
  const input = inputOf(held.people, statements, { ...rest, strangers: held.strangers })
  const outcome = plan(input)
  return { outcome, held: applied(input, outcome) }
}

const nothing = { writes: [], creates: [], users: [], brakeUse: {} }

describe('a plan', () => {
  it('that was applied leaves nothing to do', () => {
    fc.assert(
      fc.property(world, page, ({ people, ...rest }, statements) => {
        const first = run({ people, strangers: new Map() }, statements, rest)
        expect(run(first.held, statements, rest).outcome).toMatchObject(nothing)
      }),
      { numRuns: cases(3000) },
    )
  })

  it('is text: it can be kept as JSON and read again', () => {
    fc.assert(
      fc.property(world, page, ({ people, ...rest }, statements) => {
        const { outcome } = run({ people, strangers: new Map() }, statements, rest)
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome)
      }),
      { numRuns: cases(500) },
    )
  })

  it('does not depend on the order of people and statements', () => {
    fc.assert(
      fc.property(world, page, ({ people, ...rest }, statements) => {
        const strangers = new Map()
        const byTime = statements.map((one, i) => ({ ...one, at: one.at + i, startedAt: one.at }))
        const forth = run({ people, strangers }, byTime, rest).outcome
        const back = run(
          { people: people.toReversed(), strangers },
          byTime.toReversed(),
          rest,
        ).outcome
        expect(back).toEqual(forth)
      }),
      { numRuns: cases(1000) },
    )
  })
})

describe('pages of one read', () => {
  it('come to the same in any order and however they are cut', () => {
    const users = fc.tuple(said(1), said(2), said(3), said(4))
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 })
    fc.assert(
      fc.property(world, users, order, fc.nat(4), ({ people, ...rest }, all, way, cut) => {
        const start = { people, strangers: new Map() }
        const shuffled = way.flatMap((i) => all[i] ?? [])
        const first = run(start, shuffled.slice(0, cut), rest)
        const second = run(first.held, shuffled.slice(cut), rest)
        expect(second.held).toEqual(run(start, all, rest).held)
      }),
      { numRuns: cases(1000) },
    )
  })

  it('that are replayed after newer ones change nothing', () => {
    const pages = fc.array(page, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(world, pages, fc.nat(3), ({ people, ...chosen }, all, which) => {
        // Whoever is bound or made later is told of by older pages for the first time: that is no replay.
        const { policies: some } = chosen.settings
        const rest = { ...chosen, settings: settingsWith({ ...some, person_missing: 'report' }) }
        const bound = people.map((one, i) => ({
          ...one,
          identityKey: heldPerson(i + 1).identityKey,
        }))
        let held: World = { people: bound, strangers: new Map() }
        // What is held is older than the pages, and each says whether its user is enabled and assigned, as reads do.
        const dated = all.map((statements, i) =>
          statements.map((one, k): GraphStatement => {
            const at = hours(100 + 10 * i) + k
            const { state, assigned } = one
            return {
              ...one,
              at,
              startedAt: at,
              state: state ?? 'enabled',
              assigned: assigned ?? true,
            }
          }),
        )
        for (const statements of dated) held = run(held, statements, rest).held
        const replayed = dated[which % dated.length] ?? []
        expect(run(held, replayed, rest).outcome).toMatchObject(nothing)
      }),
      { numRuns: cases(1000) },
    )
  })
})

describe('denials', () => {
  it('are each lifted by whoever made them only, and one is enough', () => {
    fc.assert(
      fc.property(world, page, ({ people, ...rest }, statements) => {
        const { outcome, held } = run({ people, strangers: new Map() }, statements, rest)
        for (const [i, before] of people.entries()) {
          const after = held.people[i]?.person
          const { deniedByScim, deniedByManual } = before.person
          expect(after).toMatchObject({ deniedByScim, deniedByManual })
          expect(after?.active).toBe(
            !deniedByScim && !deniedByManual && !(after?.deniedByGraph ?? true),
          )
        }
        const gone = people.filter(({ person: one }) => one.active).length
        const left = held.people.slice(0, 3).filter(({ person: one }) => one.active).length
        const count = outcome.writes.filter(({ isDeactivated }) => isDeactivated).length
        const back = outcome.writes.filter(({ isReactivated }) => isReactivated).length
        expect(left).toBe(gone - count + back)
        expect(outcome.brakeUse['deactivated'] ?? 0).toBe(count)
      }),
      { numRuns: cases(1000) },
    )
  })
})

describe('what a policy does not repair', () => {
  it('changes no profile', () => {
    fc.assert(
      fc.property(world, page, ({ people, ...rest }, statements) => {
        const strict = settingsWith({ attribute_cleared: 'report', attribute_different: 'ignore' })
        const { held } = run({ people, strangers: new Map() }, statements, {
          ...rest,
          settings: strict,
        })
        for (const [i, { person: before }] of people.entries()) {
          expect(held.people[i]?.person.profile).toEqual(before.profile)
        }
      }),
      { numRuns: cases(1000) },
    )
  })
})

describe('whose value it is', () => {
  const order = fc.shuffledSubarray(['scim', 'graph', 'saml', 'manual'] as const, { minLength: 4 })
  /** No two at one time. */
  const one = (n: number) =>
    fc.record({
      at: fc.integer({ min: 1, max: 50 }).map((at) => at * 4 + n),
      value: fc.option(text, { nil: undefined }),
    })

  it('does not depend on the order in which sources are heard', () => {
    fc.assert(
      fc.property(
        order,
        fc.tuple(one(0), one(1), one(2), one(3)),
        (heard, [scim, graph, saml, manual]) => {
          const statements = { scim, graph, saml, manual }
          let held = heldPerson(1)
          for (const source of heard) {
            const { at, value } = statements[source]
            if (value !== undefined) held = hear(held, source, { at: hours(at), value })
          }
          const { profile } = resolve(ruleset.definitions, ruleset.mapping, held.views)
          expect([profile['department'] ?? null, held.person.profile]).toEqual([
            expected(),
            profile,
          ])

          /** The rule in three lines (DESIGN 2.1, Whose value). */
          function expected(): string | null {
            if (manual.value !== undefined) return manual.value
            const tier = [scim, graph].filter(({ value }) => value !== undefined)
            const latest = tier.toSorted((a, b) => b.at - a.at)[0]
            return latest === undefined ? (saml.value ?? null) : (latest.value ?? null)
          }
        },
      ),
      { numRuns: cases(2000) },
    )
  })

  function hear(
    held: HeldPerson,
    source: SourceView['source'],
    { at, value }: { readonly at: number; readonly value: string | null },
  ): HeldPerson {
    const stated = new Map([['department', value === null ? [] : [value]]])
    if (source === 'graph') {
      const input = inputOf([held], [mention(1, { stated, at })])
      return applied(input, plan(input)).people[0] ?? held
    }
    const others = held.views.filter((other) => other.source !== source)
    const all = [...others, mergeView(null, { source, at, stated })]
    const resolved = resolve(ruleset.definitions, ruleset.mapping, all)
    return { ...held, views: all, person: { ...held.person, ...resolved } }
  }
})
