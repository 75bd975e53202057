import { describe, expect, it } from 'vitest'
import type {
  DriftAnswer,
  GraphAnswer,
  RunSummary,
  SettingsAnswer,
} from '../../src/console/reconciliation/answers.ts'
import {
  choices,
  driftVerdict,
  graphVerdict,
  kindText,
  plainText,
  progressOf,
  reasonText,
  reportedOnly,
  runName,
  runVerdict,
  triggerText,
} from '../../src/console/reconciliation/judge.ts'
import {
  numberFields,
  numberOf,
  settingsChange,
  settingsShown,
  shownSettings,
} from '../../src/console/reconciliation/settings-fields.ts'
import { defaultSettings, driftKinds, reportOnly } from '../../src/reconcile/index.ts'
import { stepNames } from '../../src/reconcile/run.ts'

const run: RunSummary = {
  id: 'run_1',
  connection: null,
  kind: 'reconcile',
  trigger: 'schedule',
  status: 'running',
  dryRun: false,
  full: false,
  step: 'users',
  createdAt: '2026-11-24T09:00:00.000Z',
  startedAt: null,
  continueAt: null,
  finishedAt: null,
  counts: { people: 40 },
  held: null,
  failure: null,
}

const drift: DriftAnswer = {
  id: 'drf_1',
  run: 'run_1',
  kind: 'attribute_cleared',
  user: 'usr_1',
  userName: 'ann',
  group: null,
  object: null,
  attribute: 'department',
  stated: null,
  held: 'Retail',
  rule: 'x',
  action: 'reported',
  state: 'open',
  at: '2026-11-24T09:00:00.000Z',
}

describe('a run', () => {
  it('is named by what it does and why', () => {
    expect(runName({ ...run, dryRun: true, full: true })).toBe('Dry run over everybody')
    expect(runName({ ...run, kind: 'resolve' })).toBe('Profiles made anew')
    expect(triggerText(run)).toBe('by the schedule')
  })

  it('that an admin ended did not fail', () => {
    const failure = { code: 'reconcile.cancelled', message: '', fix: '', detail: null }
    expect(runVerdict({ ...run, status: 'failed', failure }).tone).toBe('idle')
    expect(runVerdict({ ...run, status: 'failed' }).tone).toBe('bad')
  })

  it('tells how far it is by its steps, all of which have words', () => {
    expect(progressOf(run)).toEqual({
      text: 'Reading the users: 40 people so far',
      value: 6,
      max: 16,
    })
    for (const step of stepNames.filter((name) => name !== 'resolve')) {
      expect(progressOf({ ...run, step }).text).toMatch(/^[A-Z]/)
    }
    expect(progressOf({ ...run, status: 'done' })).toMatchObject({ value: 16, max: 16 })
    expect(progressOf({ ...run, kind: 'resolve', step: 'resolve' }).value).toBeNull()
  })

  it('that is held says what would be too much', () => {
    const people = 40
    expect(reasonText({ what: 'deactivated', count: 9, people })).toBe(
      '9 of 40 people within 24 hours would be deactivated.',
    )
    expect(reasonText({ what: 'role:a:b', count: 9, people })).toContain('The role a:b')
    expect(reasonText({ what: 'attribute:title', count: 9, people })).toContain('for title')
  })
})

describe('a difference', () => {
  it('has words for every kind', () => {
    for (const kind of driftKinds) expect(kindText(kind)).not.toBe(kind)
  })

  it('can be accepted where the engine can repair it', () => {
    expect(reportedOnly).toEqual(reportOnly)
  })

  it.each([
    [{}, { accept: true, dismiss: true }, 'open'],
    [{ kind: 'value_unusable' }, { accept: false, dismiss: true }, 'open'],
    [{ action: 'planned' }, { accept: false, dismiss: true }, 'would be repaired'],
    [{ state: 'done', action: 'repaired' }, { accept: false, dismiss: false }, 'repaired'],
    [{ state: 'done' }, { accept: false, dismiss: false }, 'settled'],
    [{ state: 'accepted' }, { accept: false, dismiss: false }, 'accepted'],
    [{ state: 'dismissed' }, { accept: false, dismiss: false }, 'dismissed'],
  ] as const)('%j', (change, may, text) => {
    const one = { ...drift, ...change }
    expect([choices(one), driftVerdict(one).text]).toEqual([may, text])
  })

  it('shows what is stated as text', () => {
    expect(plainText(null)).toBeNull()
    expect(plainText(['a', 1])).toBe('a, 1')
    expect(plainText(7)).toBe('7')
    expect(plainText({ userPrincipalName: 'ann', reason: null, values: ['x'] })).toBe(
      'userPrincipalName: ann; values: x',
    )
  })
})

describe('Graph', () => {
  const check = { ok: true, checkedAt: '2026-11-24T09:00:00.000Z', problems: [] }
  const graph: GraphAnswer = { tenantId: 't', kind: 'secret', expiresAt: null, check }
  const nowMs = Date.UTC(2026, 10, 24)

  it.each([
    [null, 'idle'],
    [graph, 'good'],
    [{ ...graph, check: null }, 'warn'],
    [{ ...graph, check: { ...check, ok: false } }, 'bad'],
    [{ ...graph, expiresAt: '2026-11-23T00:00:00.000Z' }, 'bad'],
    [{ ...graph, expiresAt: '2026-11-25T00:00:00.000Z' }, 'good'],
  ] as const)('%j', (given, tone) => {
    expect(graphVerdict(given, nowMs).tone).toBe(tone)
  })
})

describe('settings', () => {
  const times = { nextRunAt: null, readAt: null, lastFullAt: null }
  const settings: SettingsAnswer = { ...defaultSettings, ...times }
  const same: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      numberFields.map((field) => [field.name, `${numberOf(settings, field)}`]),
    ),
    ...Object.fromEntries(
      Object.entries(settings.policies).map(([kind, policy]) => [`policies.${kind}`, policy]),
    ),
    isScheduled: 'true',
  }
  const change = (values: Readonly<Record<string, string | undefined>>) =>
    settingsChange(
      {
        text: (name) => values[name] ?? '',
        all: () => [],
        has: (name) => values[name] !== undefined,
      },
      settings,
    )

  it('are held against what was shown, so that nobody puts back what another has changed', () => {
    const form = (values: Readonly<Record<string, string>>) => ({
      text: (name: string) => values[name] ?? '',
      all: () => [],
      has: (name: string) => values[name] !== undefined,
    })
    const now = { ...settings, silentDays: settings.silentDays + 9 }
    const sent = form({ ...same, shown: shownSettings(settings) } as Record<string, string>)
    expect(settingsChange(sent, settingsShown(sent, now))).toEqual({})
    for (const shown of ['', 'null', '{', '[]', '{"brake":null}']) {
      const odd = form({ ...same, shown } as Record<string, string>)
      expect(settingsShown(odd, now)).toEqual(now)
    }
  })

  it('that were not changed are not sent', () => {
    expect(change(same)).toEqual({})
  })

  it('are sent as the API takes them: shares from per cent, groups as objects', () => {
    expect(
      change({
        ...same,
        'brake.share': '12.5',
        silentDays: '3',
        'policies.person_missing': 'repair',
        isScheduled: undefined,
      }),
    ).toEqual({
      brake: { share: 0.125 },
      silentDays: 3,
      policies: { person_missing: 'repair' },
      isScheduled: false,
    })
  })
})
