import { err, limits, ok, printable, type Result } from '../kernel/index.ts'
import { type DriftKind, driftKinds, type Policies, type Policy, policies } from './drift.ts'
import type { ReconcileFailure } from './errors.ts'

/** When the safety brake holds a run: both of `share` and `people`, or `half` alone. */
export type BrakeSettings = {
  /** More than this share of the people, from 0 to 1, … */
  readonly share: number
  /** … and more than so many of them. */
  readonly people: number
  /** Or more than this share, however few that is. */
  readonly shareOfFew: number
}

/** How a connection is reconciled. */
export type Settings = {
  readonly policies: Policies
  readonly brake: BrakeSettings
  /** Days from being deleted in the tenant to being erased here; Entra keeps its own for 30. */
  readonly retentionDays: number
  /** Days without a request of SCIM after which it counts as silent. */
  readonly silentDays: number
  /** Minutes from one run to the next. */
  readonly everyMinutes: number
  /** Whether runs are started by the schedule. */
  readonly isScheduled: boolean
}

export const defaultSettings: Settings = {
  policies: {
    attribute_cleared: 'repair',
    attribute_different: 'repair',
    person_missing: 'report',
    person_unassigned: 'repair',
    person_deleted: 'repair',
    person_disabled: 'repair',
    membership_missing: 'repair',
    membership_extra: 'repair',
    duplicate_unlinked: 'report',
    value_unusable: 'report',
    required_missing: 'report',
    scim_silent: 'report',
  },
  brake: { share: 0.1, people: 5, shareOfFew: 0.5 },
  retentionDays: 30,
  silentDays: 7,
  everyMinutes: 15,
  isScheduled: true,
}

/** What of settings is not as by default: only that is stored, so that a better default reaches whoever set nothing. */
export function ownSettings({ policies, brake, ...rest }: Settings) {
  const ownPolicies = differing(policies, defaultSettings.policies)
  const ownBrake = differing(brake, defaultSettings.brake)
  return {
    ...differing(rest, defaultSettings),
    ...(Object.keys(ownPolicies).length === 0 ? {} : { policies: ownPolicies }),
    ...(Object.keys(ownBrake).length === 0 ? {} : { brake: ownBrake }),
  }
}

function differing(set: Json, usual: Json): Json {
  return Object.fromEntries(Object.entries(set).filter(([name, value]) => usual[name] !== value))
}

/** Kinds that nothing can repair. */
export const reportOnly = [
  'duplicate_unlinked',
  'value_unusable',
  'required_missing',
  'scim_silent',
] as const satisfies readonly DriftKind[]

/** Whether Graph may make people: only an admin's policy for missing ones lets it. */
export function createsPeople({ policies }: Settings): boolean {
  return policies.person_missing === 'repair'
}

type Range = { readonly min: number; readonly max: number; readonly isWhole: boolean }

const numbers: Readonly<Record<'retentionDays' | 'silentDays' | 'everyMinutes', Range>> = {
  retentionDays: { min: 0, max: limits.retentionDaysMax, isWhole: true },
  silentDays: { min: 1, max: 365, isWhole: true },
  everyMinutes: { min: 15, max: limits.reconcileEveryMinutesMax, isWhole: true },
}

const brakeNumbers: Readonly<Record<keyof BrakeSettings, Range>> = {
  share: { min: 0, max: 1, isWhole: false },
  people: { min: 0, max: 1_000_000, isWhole: true },
  shareOfFew: { min: 0, max: 1, isWhole: false },
}

type Field<T> = Result<T, ReconcileFailure>

/**
 * Settings as an admin sends them, or as they are stored: only what differs from `before` has to be there.
 * @returns `reconcile.settings_invalid` naming the field and what it may be
 */
export function readSettings(sent: unknown, before: Settings = defaultSettings): Field<Settings> {
  if (!isRecord(sent)) return wrong('settings', 'a JSON object')
  const unknown = Object.keys(sent).find((name) => !Object.hasOwn(defaultSettings, name))
  if (unknown !== undefined) return wrong(unknown, `one of ${listed(Object.keys(defaultSettings))}`)
  const policies = readPolicies(sent['policies'], before.policies)
  if (!policies.ok) return policies
  const brake = readNumbers(sent['brake'], {
    path: 'brake',
    ranges: brakeNumbers,
    before: before.brake,
  })
  if (!brake.ok) return brake
  const { retentionDays, silentDays, everyMinutes } = before
  const times = readNumbers(pick(sent, numbers), {
    path: '',
    ranges: numbers,
    before: { retentionDays, silentDays, everyMinutes },
  })
  if (!times.ok) return times
  const { isScheduled = before.isScheduled } = sent
  if (typeof isScheduled !== 'boolean') return wrong('isScheduled', 'true or false')
  return ok({ policies: policies.value, brake: brake.value, ...times.value, isScheduled })
}

function readPolicies(sent: unknown, before: Policies): Field<Policies> {
  if (sent === undefined) return ok(before)
  if (!isRecord(sent)) return wrong('policies', 'an object of policies by kind of drift')
  const read: Record<DriftKind, Policy> = { ...before }
  for (const [name, value] of Object.entries(sent)) {
    const kind = driftKinds.find((one) => one === name)
    if (kind === undefined) return wrong(`policies.${name}`, `one of ${listed(driftKinds)}`)
    const policy = policies.find((one) => one === value)
    const allowed = policies.filter((one) => one !== 'repair' || !isReportOnly(kind))
    if (policy === undefined || !allowed.includes(policy)) {
      return wrong(`policies.${name}`, `one of ${listed(allowed)}`)
    }
    read[kind] = policy
  }
  return ok(read)
}

function isReportOnly(kind: DriftKind): boolean {
  return (reportOnly as readonly DriftKind[]).includes(kind)
}

function readNumbers<K extends string>(
  sent: unknown,
  {
    path,
    ranges,
    before,
  }: {
    readonly path: string
    readonly ranges: Readonly<Record<K, Range>>
    readonly before: Readonly<Record<K, number>>
  },
): Field<Readonly<Record<K, number>>> {
  if (sent === undefined) return ok(before)
  if (!isRecord(sent)) return wrong(path, 'an object of numbers')
  const read: Record<K, number> = { ...before }
  for (const [name, value] of Object.entries(sent)) {
    const field = path === '' ? name : `${path}.${name}`
    if (!isKeyOf(ranges, name)) return wrong(field, `one of ${listed(Object.keys(ranges))}`)
    const { min, max, isWhole } = ranges[name]
    const isNumber = typeof value === 'number' && value >= min && value <= max
    if (!isNumber || (isWhole && !Number.isInteger(value))) {
      return wrong(field, `a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`)
    }
    read[name] = value
  }
  return ok(read)
}

function isKeyOf<K extends string>(of: Readonly<Record<K, unknown>>, name: string): name is K {
  return Object.hasOwn(of, name)
}

function pick(sent: Json, names: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => Object.hasOwn(names, name)))
}

type Json = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listed(names: readonly string[]): string {
  return names.join(', ')
}

function wrong(field: string, expected: string) {
  return err<ReconcileFailure>({
    code: 'reconcile.settings_invalid',
    field: printable(field, 80),
    detail: `${printable(field, 80)} must be ${expected}.`,
  })
}
