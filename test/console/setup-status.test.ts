import { describe, expect, it } from 'vitest'
import type { SetupFacts } from '../../src/admin/index.ts'
import { allGuides as guides } from '../../src/console/setup/all-guides.ts'
import { openStep, progressOf, setupStatus, stepsOf } from '../../src/console/setup/checks.ts'
import { type StepKey, stepKeys } from '../../src/console/setup/guide.ts'
import type { State } from '../../src/console/setup/verdict.ts'
import { at, facts, later, nothing, nowMs, withPeople } from './setup-facts.ts'

const mark = (step: StepKey) => ({ marked: [{ step, doneAt: at, actor: 'operator' }] })
const refused = (code: string, when = at, isSigned = true) => ({
  last: { at: when, outcome: 'refused', code, isSigned },
  refusedSince: 1,
})
const test = (status: string, when = at, code: string | null = null) => ({
  test: { id: 'tst_1', status, at: when, code },
})
const graph = {
  clientId: 'c',
  kind: 'secret',
  expiresAt: null,
  checkedAt: null,
  isGood: false,
  problem: null,
}
const token = { active: 1, expired: 0, disabled: 0 }
const badge = { key: 'badge', label: 'Badge', seen: false }
const level = { key: 'level', label: 'Level', seen: true }

type Case = readonly [StepKey, State, SetupFacts, string | RegExp]

/** Every state of every check, and what is said of it. */
const cases: readonly Case[] = [
  ['saml.application', 'todo', nothing, /Nothing is known/],
  ['saml.application', 'done', facts(mark('saml.application')), /by hand/],
  ['saml.application', 'done', facts({ connection: {} }), /metadata was given/],

  ['saml.metadata', 'todo', nothing, /No connection/],
  ['saml.metadata', 'done', facts({ connection: {} }), /read again every day/],
  ['saml.metadata', 'done', facts({ connection: { metadataUrl: null } }), /by hand/],
  [
    'saml.metadata',
    'problem',
    facts({
      connection: { metadata: { checkedAt: at, failure: 'saml.metadata', pending: false } },
    }),
    /could not be read/,
  ],
  [
    'saml.metadata',
    'problem',
    facts({
      connection: { metadataUrl: 'https://login.microsoftonline.com/a/federationmetadata.xml' },
    }),
    /\?appid=/,
  ],
  [
    'saml.metadata',
    'problem',
    facts({ connection: { metadata: { checkedAt: at, failure: null, pending: true } } }),
    /approve or dismiss/,
  ],
  [
    'saml.metadata',
    'problem',
    facts({ connection: {}, signIns: refused('saml.issuer') }),
    /another issuer/,
  ],
  [
    'saml.metadata',
    'problem',
    facts({ connection: {}, signIns: refused('saml.tenant_mismatch') }),
    /another tenant/,
  ],

  ['saml.addresses', 'todo', nothing, /once there is a connection/],
  ['saml.addresses', 'todo', facts({ connection: {} }), /No response/],
  ['saml.addresses', 'done', facts({ connection: {}, ...mark('saml.addresses') }), /by hand/],
  [
    'saml.addresses',
    'done',
    facts({ connection: {}, signIns: { succeededAt: at } }),
    /where it should/,
  ],
  [
    'saml.addresses',
    'done',
    facts({ connection: {}, signIns: { testPassedAt: at } }),
    /where it should/,
  ],
  [
    'saml.addresses',
    'done',
    facts({ connection: {}, signIns: refused('saml.expired') }),
    /arrived at the ACS/,
  ],
  [
    'saml.addresses',
    'problem',
    facts({ connection: {}, signIns: refused('saml.audience') }),
    /Entity ID/,
  ],
  [
    'saml.addresses',
    'problem',
    facts({ connection: {}, signIns: refused('saml.destination') }),
    /ACS URL/,
  ],
  [
    'saml.addresses',
    'problem',
    facts({
      connection: {},
      ...mark('saml.addresses'),
      signIns: refused('saml.subject_confirmation'),
    }),
    /ACS URL/,
  ],

  ['saml.claims', 'todo', facts({ connection: {} }), /No sign-in/],
  ['saml.claims', 'done', facts(mark('saml.claims')), /by hand/],
  ['saml.claims', 'done', facts({ signIns: { succeededAt: at } }), /said who/],
  ['saml.claims', 'problem', facts({ signIns: refused('saml.name_id') }), /Name ID/],

  ['saml.certificate', 'todo', nothing, /comes with the metadata/],
  ['saml.certificate', 'todo', facts({ connection: {} }), /in force/],
  ['saml.certificate', 'done', facts({ connection: {}, ...mark('saml.certificate') }), /by hand/],
  ['saml.certificate', 'done', facts({ connection: {}, signIns: { succeededAt: at } }), /was good/],
  [
    'saml.certificate',
    'done',
    facts({
      connection: { certificates: { trusted: 1, validUntil: '2026-12-24T09:00:00.000Z' } },
      signIns: { succeededAt: at },
    }),
    /ends soon/,
  ],
  [
    'saml.certificate',
    'problem',
    facts({ connection: { certificates: { trusted: 0, validUntil: null } } }),
    /No signing certificate/,
  ],
  [
    'saml.certificate',
    'problem',
    facts({ connection: {}, signIns: refused('xmldsig.algorithm') }),
    /SHA-1/,
  ],
  [
    'saml.certificate',
    'problem',
    facts({ connection: {}, signIns: refused('xmldsig.signature_invalid') }),
    /does not fit/,
  ],
  [
    'saml.certificate',
    'problem',
    facts({ connection: {}, signIns: refused('saml.certificate_expired') }),
    /not in force/,
  ],
  [
    'saml.certificate',
    'problem',
    facts({ connection: {}, signIns: refused('saml.unsigned') }),
    /not signed/,
  ],

  ['saml.assign', 'todo', nothing, /Nobody/],
  ['saml.assign', 'done', facts(mark('saml.assign')), /by hand/],
  ['saml.assign', 'done', facts({ signIns: { testPassedAt: at } }), /assigned/],

  ['saml.test', 'todo', nothing, /no connection/],
  ['saml.test', 'todo', facts({ connection: {} }), /No test/],
  [
    'saml.test',
    'waiting',
    facts({ connection: {}, signIns: test('waiting') }),
    /waits for the tester/,
  ],
  ['saml.test', 'waiting', facts({ connection: {}, signIns: test('started') }), /at the provider/],
  ['saml.test', 'problem', facts({ connection: {}, signIns: test('failed') }), /failed/],
  ['saml.test', 'problem', facts({ connection: {}, signIns: refused('saml.expired') }), /refused/],
  [
    'saml.test',
    'problem',
    facts({
      connection: {},
      signIns: { ...test('passed'), testPassedAt: at, ...refused('saml.expired', later) },
    }),
    /refused/,
  ],
  [
    'saml.test',
    'done',
    facts({
      connection: {},
      signIns: { ...test('passed', later), testPassedAt: later, ...refused('saml.expired') },
    }),
    /passed/,
  ],
  ['saml.test', 'done', facts({ connection: {}, signIns: { succeededAt: at } }), /signed in/],

  [
    'saml.test',
    'todo',
    facts({ connection: {}, signIns: test('expired') }),
    'The link of the last test has expired: make a new one.',
  ],
  [
    'saml.test',
    'done',
    facts({
      connection: { status: 'active' },
      signIns: { succeededAt: at, ...refused('directory.not_provisioned', later) },
    }),
    /signed in/,
  ],
  [
    'saml.addresses',
    'problem',
    facts({ connection: {}, signIns: test('failed', at, 'saml.audience') }),
    /Entity ID/,
  ],
  [
    'saml.addresses',
    'done',
    facts({
      connection: {},
      signIns: {
        ...refused('saml.audience'),
        ...test('passed', later),
        testPassedAt: later,
      },
    }),
    /where it should/,
  ],
  // Strangers can send what they like to the ACS: one of theirs unsettles nothing that was proved.
  [
    'saml.certificate',
    'done',
    facts({
      connection: {},
      signIns: { succeededAt: at, ...refused('xmldsig.signature_invalid', later, false) },
    }),
    /was good/,
  ],
  [
    'saml.certificate',
    'problem',
    facts({
      connection: {},
      signIns: {
        succeededAt: at,
        ...refused('xmldsig.signature_invalid', later, false),
        refusedSince: 3,
      },
    }),
    /does not fit/,
  ],

  ['saml.rollout', 'todo', nothing, /no connection/],
  ['saml.rollout', 'todo', facts({ connection: {} }), /draft/],
  ['saml.rollout', 'waiting', facts({ connection: { status: 'testing' } }), /testers/],
  ['saml.rollout', 'done', facts({ connection: { status: 'active' } }), /active/],
  ['saml.rollout', 'problem', facts({ connection: { status: 'disabled' } }), /switched off/],

  ['scim.none', 'done', nothing, /make people/],
  [
    'scim.none',
    'problem',
    facts({ provisioning: { firstLogin: false } }),
    /switch first sign-ins on/,
  ],

  ['scim.token', 'todo', nothing, /No token/],
  ['scim.token', 'done', facts({ scim: { credentials: token } }), /One token/],
  ['scim.token', 'done', facts({ scim: { credentials: { ...token, active: 2 } } }), /2 tokens/],
  [
    'scim.token',
    'problem',
    facts({ scim: { credentials: { active: 0, expired: 1, disabled: 0 } } }),
    /expired/,
  ],
  [
    'scim.token',
    'problem',
    facts({ scim: { credentials: { active: 0, expired: 0, disabled: 1 } } }),
    /disabled/,
  ],
  ['scim.token', 'problem', facts({ provisioning: { scim: false } }), /switched off/],

  ['scim.connect', 'todo', nothing, /token first/],
  ['scim.connect', 'waiting', facts({ scim: { credentials: token } }), /No call/],
  ['scim.connect', 'done', facts({ scim: { credentials: token, lastUsedAt: at } }), /accepted/],

  ['scim.scope', 'todo', nothing, /Nobody/],
  ['scim.scope', 'done', facts(mark('scim.scope')), /by hand/],
  ['scim.scope', 'done', facts({ scim: withPeople({ guid: 1 }) }), /arrive/],

  ['scim.object-id', 'todo', nothing, /restart/],
  ['scim.object-id', 'done', facts(mark('scim.object-id')), /by hand/],
  ['scim.object-id', 'done', facts({ scim: withPeople({ guid: 2, none: 1 }) }), /object id/],
  [
    'scim.object-id',
    'problem',
    facts({ ...mark('scim.object-id'), scim: withPeople({ guid: 1, other: 2 }) }),
    /2 of 3 people is no object id .* mailNickname.* objectId, then Restart provisioning/,
  ],
  ['scim.object-id', 'problem', facts({ scim: withPeople({ none: 1 }) }), /without externalId/],

  ['scim.first-person', 'todo', nothing, /connection first/],
  ['scim.first-person', 'waiting', facts({ scim: { lastUsedAt: at } }), /Nobody/],
  [
    'scim.first-person',
    'problem',
    facts({ scim: { refused: { at, code: 'directory.user_name_taken' } } }),
    /refused/,
  ],
  ['scim.first-person', 'done', facts({ scim: withPeople({ guid: 1 }) }), /made/],

  ['scim.start', 'todo', nothing, /Nobody/],
  ['scim.start', 'waiting', facts({ scim: withPeople({ guid: 1 }) }), /40 minutes/],
  ['scim.start', 'done', facts({ scim: withPeople({ guid: 2 }) }), /More than one/],
  ['scim.start', 'done', facts(mark('scim.start')), /by hand/],

  ['attributes.define', 'todo', nothing, /No attribute/],
  ['attributes.define', 'done', facts(mark('attributes.define')), /Nothing beside/],
  ['attributes.define', 'done', facts({ attributes: { defined: [badge, level] } }), /Badge, Level/],
  [
    'attributes.define',
    'problem',
    facts({ attributes: { defined: [badge], unknown: ['room'] } }),
    /room/,
  ],

  ['attributes.send', 'todo', nothing, /no attribute to send/],
  ['attributes.send', 'todo', facts({ attributes: { defined: [badge] } }), /provisioning first/],
  ['attributes.send', 'done', facts(mark('attributes.define')), /nothing to send/],
  [
    'attributes.send',
    'done',
    facts({ attributes: { defined: [badge] }, ...mark('attributes.send') }),
    /by hand/,
  ],
  ['attributes.send', 'done', facts({ attributes: { defined: [level] } }), /has arrived/],
  [
    'attributes.send',
    'waiting',
    facts({ attributes: { defined: [badge, level] }, scim: withPeople({ guid: 1 }) }),
    'Not seen yet: Badge.',
  ],

  ['attributes.graph-app', 'todo', nothing, /Not known/],
  ['attributes.graph-app', 'done', facts({ graph }), /known/],
  ['attributes.graph-app', 'done', facts(mark('attributes.graph-app')), /by hand/],

  ['attributes.graph-credential', 'todo', nothing, /no credential/],
  ['attributes.graph-credential', 'done', facts({ graph }), /secret/],
  [
    'attributes.graph-credential',
    'done',
    facts({ graph: { ...graph, kind: 'certificate' } }),
    /certificate/,
  ],
  ['attributes.graph-credential', 'done', facts(mark('attributes.graph-credential')), /Not wanted/],
  [
    'attributes.graph-credential',
    'problem',
    facts({ graph: { ...graph, expiresAt: at } }),
    /expired/,
  ],

  ['attributes.graph-check', 'todo', nothing, /no credential/],
  ['attributes.graph-check', 'todo', facts({ graph }), /Not checked/],
  ['attributes.graph-check', 'done', facts(mark('attributes.graph-check')), /Not wanted/],
  [
    'attributes.graph-check',
    'done',
    facts({ graph: { ...graph, checkedAt: at, isGood: true } }),
    /Every permission/,
  ],
  [
    'attributes.graph-check',
    'problem',
    facts({ graph: { ...graph, checkedAt: at, problem: 'User.Read.All is missing.' } }),
    'User.Read.All is missing.',
  ],
]

/** Steps whose check has a state less: nothing in them depends on the provider, or nothing can go wrong. */
const lacking: Readonly<Partial<Record<StepKey, readonly State[]>>> = {
  'saml.application': ['waiting', 'problem'],
  'saml.metadata': ['waiting'],
  'saml.addresses': ['waiting'],
  'saml.claims': ['waiting'],
  'saml.certificate': ['waiting'],
  'saml.assign': ['waiting', 'problem'],
  'scim.none': ['todo', 'waiting'],
  'scim.token': ['waiting'],
  'scim.connect': ['problem'],
  'scim.scope': ['waiting', 'problem'],
  'scim.object-id': ['waiting'],
  'scim.start': ['problem'],
  'attributes.define': ['waiting'],
  'attributes.send': ['problem'],
  'attributes.graph-app': ['waiting', 'problem'],
  'attributes.graph-credential': ['waiting'],
  'attributes.graph-check': ['waiting'],
}

describe('the live check of', () => {
  it.each(cases)('%s is %s', (key, state, given, said) => {
    const found = setupStatus(given, nowMs)[key]
    expect([found.state, found.said]).toEqual([state, expect.stringMatching(said)])
  })

  it.each(stepKeys)('%s reaches each of its states', (key) => {
    const reached = new Set(cases.filter(([one]) => one === key).map(([, state]) => state))
    const all: readonly State[] = ['todo', 'waiting', 'done', 'problem']
    expect(all.filter((state) => !reached.has(state))).toEqual(lacking[key] ?? [])
  })

  it('a refused sign-in names its code, for the page that explains it', () => {
    const given = facts({ connection: {}, signIns: refused('saml.audience') })
    expect(setupStatus(given, nowMs)['saml.addresses']).toMatchObject({ code: 'saml.audience', at })
  })
})

describe('the page', () => {
  const all = ['saml', 'scim', 'attributes'] as const
  const steps = stepsOf(guides.entra, all)

  it('opens at the first step that is not done', () => {
    expect(openStep(steps, setupStatus(nothing, nowMs))).toBe('saml.application')
    const after = facts({ connection: {}, ...mark('saml.addresses') })
    expect(openStep(steps, setupStatus(after, nowMs))).toBe('saml.claims')
  })

  it('comes to steps that can be left out last', () => {
    const given = facts({
      connection: { status: 'active' },
      signIns: { succeededAt: at },
      scim: withPeople({ guid: 2 }),
    })
    expect(openStep(steps, setupStatus(given, nowMs))).toBe('attributes.define')
    const scim = stepsOf(guides.entra, ['scim'])
    expect(openStep(scim, setupStatus(given, nowMs))).toBe('scim.start')
    expect(openStep([], setupStatus(given, nowMs))).toBeNull()
  })

  it('shows a setup link only the steps of its parts', () => {
    const keys = stepsOf(guides.entra, ['scim']).map(({ key }) => key)
    expect(keys.length).toBeGreaterThan(3)
    expect(keys.filter((key) => !key.startsWith('scim.'))).toEqual([])
  })

  it('counts what is done, and steps that can be left out only then', () => {
    const progress = (given: SetupFacts, part: (typeof all)[number]) =>
      progressOf(steps, part, setupStatus(given, nowMs))
    expect(progress(nothing, 'saml')).toEqual({ done: 0, all: 8, hasProblem: false })
    expect(progress(nothing, 'attributes')).toEqual({ done: 0, all: 0, hasProblem: false })
    const defined = facts({ attributes: { defined: [badge] } })
    expect(progress(defined, 'attributes')).toEqual({ done: 1, all: 1, hasProblem: false })
    const wrong = facts({ connection: {}, signIns: refused('saml.audience') })
    expect(progress(wrong, 'saml')).toMatchObject({ hasProblem: true })
  })
})
