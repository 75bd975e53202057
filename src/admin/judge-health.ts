import { limits } from '../kernel/index.ts'
import type { HealthConnection, HealthCredential, HealthFacts } from './health-store.ts'

const dayMs = 24 * 60 * 60 * 1000
const certificateMs = limits.certificateWarningDays * dayMs
/** How long before its end a credential is warned of, as its events do. */
const credentialMs = 30 * dayMs

/** From what is worst to what is fine. */
export const healthStates = ['bad', 'warn', 'setup', 'good'] as const

export type HealthState = (typeof healthStates)[number]

export const findingKinds = [
  'no_connection',
  'not_active',
  'no_certificate',
  'certificate_expired',
  'certificate_expiring',
  'scim_credential_expired',
  'scim_credential_expiring',
  'scim_silent',
  'graph_credential_expired',
  'graph_credential_expiring',
  'run_failed',
  'run_held',
  'drift_open',
] as const

/** Something that is wrong, will be, or is not done yet. */
export type Finding = {
  readonly kind: (typeof findingKinds)[number]
  readonly level: Exclude<HealthState, 'good'>
  /** The connection, credential or run that it is about. */
  readonly subject?: string
  /** When it happened or will. */
  readonly at?: number
  readonly count?: number
}

export type Health = {
  readonly state: HealthState
  readonly findings: readonly Finding[]
  /** When the credential ends that SCIM uses now; null where none does or it does not end. */
  readonly scimExpiresAt: number | null
}

/**
 * Judges how an organization is doing. Pure.
 * @param silentMs how long SCIM may say nothing before that is worth a look
 * @param scim whether the organization is provisioned by SCIM at all
 */
export function judgeHealth(
  facts: HealthFacts,
  {
    nowMs,
    silentMs,
    scim,
  }: { readonly nowMs: number; readonly silentMs: number; readonly scim: boolean },
): Health {
  const inUse = scim ? credentialInUse(facts.credentials) : null
  const findings = [
    ...connectionFindings(facts.connections),
    ...facts.connections.flatMap((connection) => certificateFindings(connection, nowMs)),
    ...(inUse === null ? [] : credentialFindings(inUse, nowMs)),
    ...(scim ? silenceFindings(facts, nowMs - silentMs) : []),
    ...graphFindings(facts, nowMs),
    ...runFindings(facts),
  ]
  const state = healthStates.find((one) => findings.some(({ level }) => level === one)) ?? 'good'
  return {
    state,
    findings: [...findings].sort(
      (a, b) => healthStates.indexOf(a.level) - healthStates.indexOf(b.level),
    ),
    scimExpiresAt: inUse?.expiresAt ?? null,
  }
}

function connectionFindings(connections: readonly HealthConnection[]): readonly Finding[] {
  if (connections.length === 0) return [{ kind: 'no_connection', level: 'setup' }]
  return connections.some(({ status }) => status === 'active')
    ? []
    : [{ kind: 'not_active', level: 'setup' }]
}

/** An old certificate beside a newer one is how a rollover looks: only the last one counts. */
function certificateFindings(
  { id, status, lastExpiry }: HealthConnection,
  nowMs: number,
): readonly Finding[] {
  if (status === 'disabled') return []
  // In use, sign-ins fail by it; before, it only has to be done.
  const level = status === 'active' ? 'bad' : 'warn'
  if (lastExpiry === null) return [{ kind: 'no_certificate', level, subject: id }]
  const about = { subject: id, at: lastExpiry }
  if (lastExpiry < nowMs) return [{ kind: 'certificate_expired', level, ...about }]
  return lastExpiry - nowMs < certificateMs
    ? [{ kind: 'certificate_expiring', level: 'warn', ...about }]
    : []
}

/** What the job in Entra holds: that which was used last; one that never was, only while no other was. */
function credentialInUse(credentials: readonly HealthCredential[]): HealthCredential | null {
  const [first] = [...credentials].sort(
    (a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || ends(b) - ends(a),
  )
  return first ?? null
}

function ends({ expiresAt }: HealthCredential): number {
  return expiresAt ?? Number.MAX_SAFE_INTEGER
}

function credentialFindings(
  { id, expiresAt }: HealthCredential,
  nowMs: number,
): readonly Finding[] {
  if (expiresAt === null || expiresAt - nowMs > credentialMs) return []
  const about = { subject: id, at: expiresAt }
  return expiresAt <= nowMs
    ? [{ kind: 'scim_credential_expired', level: 'bad', ...about }]
    : [{ kind: 'scim_credential_expiring', level: 'warn', ...about }]
}

/** One that never called is not silent: somebody is setting it up. */
function silenceFindings(
  { credentials, federatedClients, lastScimCallAt: at }: HealthFacts,
  sinceMs: number,
): readonly Finding[] {
  const isSetUp = credentials.length + federatedClients > 0
  return isSetUp && at !== null && at < sinceMs ? [{ kind: 'scim_silent', level: 'warn', at }] : []
}

function graphFindings({ graph }: HealthFacts, nowMs: number): readonly Finding[] {
  const at = graph?.expiresAt ?? null
  if (at === null || at - nowMs > credentialMs) return []
  return at <= nowMs
    ? [{ kind: 'graph_credential_expired', level: 'bad', at }]
    : [{ kind: 'graph_credential_expiring', level: 'warn', at }]
}

function runFindings({ run, openDrift }: HealthFacts): readonly Finding[] {
  const about = run === null ? {} : { subject: run.id, at: run.at }
  return [
    ...(run?.status === 'failed' ? [{ kind: 'run_failed', level: 'bad', ...about } as const] : []),
    ...(run?.status === 'held' ? [{ kind: 'run_held', level: 'bad', ...about } as const] : []),
    ...(openDrift > 0 ? [{ kind: 'drift_open', level: 'warn', count: openDrift } as const] : []),
  ]
}
