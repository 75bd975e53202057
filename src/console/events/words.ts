import type { EventAnswer } from '../../admin/index.ts'
import { parseUtcTime, toIso } from '../../kernel/index.ts'
import type { Tone } from '../ui/index.ts'

const dayMs = 24 * 60 * 60 * 1000

export const outcomeTones: Readonly<Record<EventAnswer['outcome'], Tone>> = {
  success: 'good',
  warning: 'warn',
  refused: 'bad',
}

export const outcomeOptions = [
  ['', 'All'],
  ['refused', 'Refused'],
  ['warning', 'Warnings'],
  ['success', 'Went well'],
] as const

type Family = NonNullable<EventAnswer['family']>

/** Kinds of events, in the order in which somebody looks for them. */
export const familyWords: Readonly<Record<Family, string>> = {
  sign_in: 'Sign-ins',
  scim: 'Provisioning (SCIM)',
  reconcile: 'Reconciliation and Graph',
  people: 'People',
  groups: 'Groups',
  connection: 'Connections and certificates',
  attributes: 'Attributes and mapping',
  organization: 'Organization and domains',
  console: 'Console and set-up',
}

/** Words that are written otherwise than in a type's name. */
const proper: Readonly<Record<string, string>> = { scim: 'SCIM', oauth: 'OAuth', graph: 'Graph' }

/** A type of events as words: `scim_token.expiring` is `SCIM token expiring`. */
export function typeWords(type: string): string {
  const words = type
    .replace('sign_in', 'sign-in')
    .split(/[._]/)
    .map((word) => proper[word] ?? word)
    .join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const actorWords: Readonly<Record<string, string>> = {
  operator: 'Operator',
  admin: 'Admin of the organization',
  'setup-link': 'Setup link',
  person: 'The person',
  stranger: 'Somebody unknown',
  'identity-provider': 'The identity provider',
  provisioning: 'Provisioning',
  reconciliation: 'Reconciliation',
  system: 'Portico',
}

/** Who did it, in words, and by which id where there is one. */
export function actorOf(actor: string): { readonly words: string; readonly id: string | null } {
  const [kind = '', ...rest] = actor.split(':')
  return { words: actorWords[kind] ?? kind, id: rest.length === 0 ? null : rest.join(':') }
}

/** Parts of an event's detail that Portico says of itself; all else is what was received. */
const own: ReadonlySet<string> = new Set([
  ...['expected', 'changed', 'reason', 'door', 'key', 'credential', 'session', 'run', 'eraseAt'],
  ...['answered', 'deniedBy', 'personId', 'limit', 'count', 'why'],
])

export type Lines = readonly (readonly [name: string, text: string])[]

/** What an event tells beside its code, sorted into what was received and what Portico makes of it. */
export function detailLines(detail: EventAnswer['detail']): {
  readonly received: Lines
  readonly ours: Lines
} {
  const lines = Object.entries(detail).map(([name, value]) => [name, textOf(value)] as const)
  const isOurs = ([name]: readonly [string, string]) => own.has(name.split('.')[0] ?? '')
  return { received: lines.filter((line) => !isOurs(line)), ours: lines.filter(isOurs) }
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** A day of a form (`2026-11-24`) as the moment at which it begins, in UTC; empty for what is none. */
export function dayStart(text: string, shift = 0): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseUtcTime(`${text}T00:00:00Z`) : null
  return at === null ? '' : toIso(at + shift * dayMs)
}
