import type { HealthAnswer, StatisticsAnswer } from '../../admin/index.ts'
import type { Tone } from '../ui/index.ts'

type Finding = HealthAnswer['findings'][number]

/** How each state is called and coloured. */
export const states: Readonly<
  Record<HealthAnswer['state'], { readonly tone: Tone; readonly word: string }>
> = {
  bad: { tone: 'bad', word: 'Not working' },
  warn: { tone: 'warn', word: 'Needs a look' },
  setup: { tone: 'idle', word: 'Being set up' },
  good: { tone: 'good', word: 'Healthy' },
}

export const statusTones: Readonly<Record<HealthAnswer['connections'][number]['status'], Tone>> = {
  draft: 'idle',
  testing: 'warn',
  active: 'good',
  disabled: 'idle',
}

export const runTones: Readonly<Record<NonNullable<HealthAnswer['reconcile']>['status'], Tone>> = {
  queued: 'idle',
  running: 'idle',
  paused: 'idle',
  held: 'bad',
  done: 'good',
  failed: 'bad',
}

type Words = {
  readonly what: string
  readonly todo: string
  /** Under the organization's pages. */
  readonly path: string
  readonly link: string
}

const certificates = { path: '/settings/certificates', link: 'Open certificates' }
const scim = { path: '/settings/scim', link: 'Open SCIM credentials' }
const graph = { path: '/settings/graph', link: 'Open Microsoft Graph' }
const runs = { path: '/reconciliation', link: 'Open reconciliation' }

/** What each finding says, what to do about it, and where. */
export const findingWords: Readonly<Record<Finding['kind'], Words>> = {
  no_connection: {
    what: 'There is no connection yet, so nobody can sign in.',
    todo: 'Follow the guide: it says what to copy where in Entra.',
    path: '/setup',
    link: 'Start setting up',
  },
  not_active: {
    what: 'No connection is active: at most testers can sign in.',
    todo: 'Test with one person, then roll out to everybody.',
    path: '/rollout',
    link: 'Roll out',
  },
  no_certificate: {
    what: 'A connection trusts no certificate, so no answer of the identity provider is accepted.',
    todo: 'Read the metadata again, or add the signing certificate.',
    ...certificates,
  },
  certificate_expired: {
    what: 'The last signing certificate has expired: sign-ins are refused.',
    todo: 'In Entra, open the app > Single sign-on > SAML Certificates, make a new one active, then read the metadata here again.',
    ...certificates,
  },
  certificate_expiring: {
    what: 'The last signing certificate comes to its end.',
    todo: 'In Entra, open the app > Single sign-on > SAML Certificates and add a new one. Portico trusts both while you switch.',
    ...certificates,
  },
  scim_credential_expired: {
    what: 'The credential that Entra provisions with has expired: changes do not come in.',
    todo: 'Make a new one and paste it in Entra under Provisioning > Admin credentials, then restart provisioning there.',
    ...scim,
  },
  scim_credential_expiring: {
    what: 'The credential that Entra provisions with comes to its end.',
    todo: 'Make a second one and paste it in Entra under Provisioning > Admin credentials; then revoke the old one.',
    ...scim,
  },
  scim_silent: {
    what: 'Entra has not called for provisioning for a week or longer.',
    todo: 'In Entra, look at Provisioning > Overview: the job may be paused or in quarantine.',
    path: '/events',
    link: 'See events',
  },
  graph_credential_expired: {
    what: 'The credential for Microsoft Graph has expired: nothing is reconciled.',
    todo: 'Make a new secret or certificate in Entra under App registrations, and enter it here.',
    ...graph,
  },
  graph_credential_expiring: {
    what: 'The credential for Microsoft Graph comes to its end.',
    todo: 'Make a new secret or certificate in Entra under App registrations, and enter it here.',
    ...graph,
  },
  run_failed: {
    what: 'The last reconciliation failed.',
    todo: 'See why, and start it again.',
    ...runs,
  },
  run_held: {
    what: 'A reconciliation waits for you: it would deactivate unusually many people.',
    todo: 'Look at what it plans, then release or cancel it.',
    ...runs,
  },
  drift_open: {
    what: 'What is held here differs from Entra.',
    todo: 'Accept or dismiss each difference.',
    ...runs,
  },
}

/** Before how far away an end is. */
export function ends(at: string, nowMs: number): 'ends' | 'ended' {
  return new Date(at).getTime() > nowMs ? 'ends' : 'ended'
}

/** The sentence below the chart of sign-ins. */
export function signInSummary({ signIns }: StatisticsAnswer): string {
  const success = total(signIns.map((day) => day.success))
  const refused = total(signIns.map((day) => day.refused))
  const most = signIns.reduce((best, day) => (day.success > best.success ? day : best))
  const peak = success === 0 ? '' : `; most on ${shortDay(most.day)} (${number(most.success)})`
  return `${number(success)} succeeded and ${number(refused)} refused in ${signIns.length} days${peak}.`
}

/** The sentence below the chart of SCIM requests. */
export function scimSummary({ scim }: StatisticsAnswer): string {
  const [reads, writes, refused] = (['reads', 'writes', 'refused'] as const).map((name) =>
    number(total(scim.map((day) => day[name]))),
  )
  return `${reads} reads, ${writes} changes and ${refused} refusals in ${scim.length} days.`
}

/** The sentence below the chart of times. */
export function latencySummary({ latency: { count, p50, p95, p99 } }: StatisticsAnswer): string {
  return count === 0
    ? 'Nothing measured yet.'
    : `Median ${p50} ms, 95% within ${p95} ms, 99% within ${p99} ms (measured: ${number(count)}).`
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0)
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** 2026-11-04 as `4 Nov`. */
export function shortDay(day: string): string {
  return `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1]}`
}

/** A number with its thousands apart. */
export function number(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
