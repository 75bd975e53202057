import type { FormFields } from '../route.ts'
import type { SettingsAnswer } from './answers.ts'

/** A number of the settings in the form. */
export type NumberField = {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly min: number
  readonly max: number
  /** Where the API has it, when it is a share that the form shows in per cent. */
  readonly isShare?: true
}

export const numberFields: readonly NumberField[] = [
  {
    name: 'everyMinutes',
    label: 'Minutes between runs',
    hint: '15 to 1440.',
    min: 15,
    max: 1440,
  },
  {
    name: 'brake.share',
    label: 'Brake: per cent of the people …',
    hint: 'More than this within 24 hours, all runs together …',
    min: 0,
    max: 100,
    isShare: true,
  },
  {
    name: 'brake.people',
    label: '… and people',
    hint: '… holds a run, if it is more than so many.',
    min: 0,
    max: 1_000_000,
  },
  {
    name: 'brake.shareOfFew',
    label: 'Brake: per cent, however few',
    hint: 'More than this holds it too; 100 for never.',
    min: 0,
    max: 100,
    isShare: true,
  },
  {
    name: 'retentionDays',
    label: 'Days from deletion to erasure',
    hint: 'Entra keeps its own for 30.',
    min: 0,
    max: 3650,
  },
  {
    name: 'silentDays',
    label: 'Days until SCIM is silent',
    hint: 'Without a request for so long, 1 to 365.',
    min: 1,
    max: 365,
  },
]

/** The number that stands in a field; shares are in per cent. */
export function numberOf(settings: SettingsAnswer, { name, isShare }: NumberField): number {
  const value = valueAt(settings, name)
  return isShare === true ? Math.round(value * 10_000) / 100 : value
}

function valueAt({ brake, ...rest }: SettingsAnswer, name: string): number {
  const flat: Readonly<Record<string, unknown>> = {
    ...rest,
    ...Object.fromEntries(Object.entries(brake).map(([part, value]) => [`brake.${part}`, value])),
  }
  return Number(flat[name])
}

/** What the form was filled in from, to go with it. */
export function shownSettings({ brake, policies, ...rest }: SettingsAnswer): string {
  return JSON.stringify({ ...rest, brake, policies })
}

/**
 * What somebody changed is what differs from what they were shown: held against what there is by now, a form that was
 * opened before would put back what somebody else has changed since.
 * @param now counts where the form does not say what it was filled in from
 */
export function settingsShown(form: FormFields, now: SettingsAnswer): SettingsAnswer {
  try {
    const shown: unknown = JSON.parse(form.text('shown'))
    return isSettings(shown) ? { ...now, ...shown } : now
  } catch {
    return now // not of our form: what it sends is held against what there is
  }
}

function isSettings(value: unknown): value is Partial<SettingsAnswer> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'brake' in value &&
    typeof value.brake === 'object' &&
    'policies' in value &&
    typeof value.policies === 'object' &&
    value.policies !== null
  )
}

/** What a form changes, as the API takes it: nothing where all is as it was shown. */
export function settingsChange(
  form: FormFields,
  before: SettingsAnswer,
): Readonly<Record<string, unknown>> {
  const change: Record<string, unknown> = {}
  const brake: Record<string, unknown> = {}
  for (const field of numberFields) {
    const sent = Number(form.text(field.name))
    if (form.text(field.name).trim() === '' || sent === numberOf(before, field)) continue
    const value = field.isShare === true ? sent / 100 : sent
    const [group = '', part] = field.name.split('.')
    if (part === undefined) change[group] = value
    else brake[part] = value
  }
  const policies = Object.entries(before.policies)
    .map(([kind, policy]) => [kind, policy, form.text(`policies.${kind}`)] as const)
    .filter(([, policy, sent]) => sent !== '' && sent !== policy)
    .map(([kind, , sent]) => [kind, sent] as const)
  if (form.has('isScheduled') !== before.isScheduled) {
    change['isScheduled'] = form.has('isScheduled')
  }
  return {
    ...change,
    ...(Object.keys(brake).length === 0 ? {} : { brake }),
    ...(policies.length === 0 ? {} : { policies: Object.fromEntries(policies) }),
  }
}
