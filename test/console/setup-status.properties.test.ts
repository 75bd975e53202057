import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SetupFacts } from '../../src/admin/index.ts'
import { allGuides as guides } from '../../src/console/setup/all-guides.ts'
import { openStep, progressOf, setupStatus, stepsOf } from '../../src/console/setup/checks.ts'
import { parts, providers, stepKeys } from '../../src/console/setup/guide.ts'
import { connection, nothing, nowMs } from './setup-facts.ts'

const moment = fc
  .integer({ min: nowMs - 10_000, max: nowMs + 10_000 })
  .map((ms) => new Date(ms).toISOString())
const moments = fc.option(moment)
const few = fc.integer({ min: 0, max: 3 })
const code = fc.option(
  fc.constantFrom(
    'saml.audience',
    'saml.issuer',
    'xmldsig.algorithm',
    'saml.name_id',
    'graph.forbidden',
  ),
)

/** Facts of any kind, also such as hardly come together. */
const anyFacts: fc.Arbitrary<SetupFacts> = fc.record({
  connections: fc.constant([]),
  connection: fc.option(
    fc.record({
      ...Object.fromEntries(
        Object.entries(connection).map(([key, value]) => [key, fc.constant(value)]),
      ),
      status: fc.constantFrom('draft', 'testing', 'active', 'disabled'),
      metadataUrl: fc.option(fc.constantFrom('https://a.example/', 'https://a.example/?appid=b')),
      certificates: fc.record({ trusted: few, validUntil: moments }),
      metadata: fc.record({ checkedAt: moments, failure: code, pending: fc.boolean() }),
    }) as unknown as fc.Arbitrary<typeof connection>,
  ),
  provisioning: fc.record({ firstLogin: fc.boolean(), scim: fc.boolean() }),
  signIns: fc.record({
    last: fc.option(
      fc.record({
        at: moment,
        outcome: fc.constantFrom('success', 'refused', 'warning'),
        code,
        isSigned: fc.boolean(),
      }),
    ),
    refusedSince: few,
    succeededAt: moments,
    test: fc.option(
      fc.record({
        id: fc.constant('tst_1'),
        status: fc.constantFrom('waiting', 'started', 'passed', 'failed', 'expired'),
        at: moment,
        code,
      }),
    ),
    testPassedAt: moments,
  }),
  scim: fc.record({
    tenantUrl: fc.constant('https://sso.example.com/scim/v2'),
    credentials: fc.record({ active: few, expired: few, disabled: few }),
    lastUsedAt: moments,
    refused: fc.option(fc.record({ at: moment, code })),
    people: fc.record({
      seen: few,
      lastAt: moments,
      externalIds: fc.record({ guid: few, other: few, none: few }),
    }),
  }),
  attributes: fc.record({
    defined: fc.array(
      fc.record({ key: fc.constant('badge'), label: fc.constant('Badge'), seen: fc.boolean() }),
      { maxLength: 3 },
    ),
    unknown: fc.array(fc.constant('room'), { maxLength: 2 }),
  }),
  graph: fc.option(
    fc.record({
      clientId: fc.constant('c'),
      kind: fc.constantFrom('secret', 'certificate'),
      expiresAt: moments,
      checkedAt: moments,
      isGood: fc.boolean(),
      problem: fc.option(fc.constant('It failed.')),
    }),
  ),
  marked: fc
    .subarray([...stepKeys])
    .map((list) =>
      list.map((step) => ({ step, doneAt: new Date(nowMs).toISOString(), actor: 'operator' })),
    ),
})

describe('whatever the facts', () => {
  it('each step has one state and a sentence, and the same facts the same', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const statuses = setupStatus(facts, nowMs)
        expect(Object.keys(statuses)).toEqual([...stepKeys])
        for (const { state, said } of Object.values(statuses)) {
          expect(['done', 'waiting', 'todo', 'problem']).toContain(state)
          expect(said).toMatch(/^[A-Z0-9].*\.$/)
        }
        expect(setupStatus(facts, nowMs)).toEqual(statuses)
      }),
    )
  })

  it('the page has a step to open, which is not done while any is not, and counts no more than there is', () => {
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...providers), (facts, provider) => {
        const statuses = setupStatus(facts, nowMs)
        const steps = stepsOf(guides[provider], parts)
        const open = openStep(steps, statuses)
        const isOver = steps.every(({ key }) => statuses[key].state === 'done')
        expect(open !== null && (isOver || statuses[open].state !== 'done')).toBe(true)
        for (const part of parts) {
          const { done, all } = progressOf(steps, part, statuses)
          expect(done).toBeLessThanOrEqual(all)
        }
      }),
    )
  })

  it('a mark never hides a problem', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const bare = setupStatus({ ...facts, marked: nothing.marked }, nowMs)
        const marked = setupStatus(facts, nowMs)
        for (const key of stepKeys) {
          if (bare[key].state === 'problem')
            expect([key, marked[key].state]).toEqual([key, 'problem'])
        }
      }),
    )
  })
})
