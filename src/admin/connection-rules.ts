import { err, ok, type Result } from '../kernel/index.ts'
import type { ConnectionRow } from '../saml/index.ts'
import { type FieldError, type Refusal, refuse } from './refusal.ts'

type Status = ConnectionRow['status']

/** From each status, where a connection can go: it is switched on deliberately, and off before it is rebuilt. */
const transitions: Readonly<Record<Status, readonly Status[]>> = {
  draft: ['testing', 'active'],
  testing: ['draft', 'active', 'disabled'],
  active: ['testing', 'disabled'],
  disabled: ['draft', 'testing', 'active'],
}

/** Where a connection can go from a status. */
export function nextStatuses(from: Status): readonly Status[] {
  return transitions[from]
}

/** Whether a connection may go from one status to another. */
export function checkTransition(from: Status, to: Status): Result<null, Refusal> {
  if (from === to || transitions[from].includes(to)) return ok(null)
  const message = `goes from ${from} to ${transitions[from].join(' or ')}, not to ${to}`
  return refuse('admin.connection_status', { field: 'status', message })
}

/** Whether sessions of a connection end with its change of status. */
export function endsSessions(to: Status): boolean {
  return to === 'disabled' || to === 'draft'
}

/** Whether settings fit each other. */
export function checkSettings(settings: {
  readonly allowIdpInitiated?: boolean | undefined
  readonly acceptUnsolicited?: boolean | undefined
  readonly identityClaim?: string | null | undefined
  readonly tenantId?: string | null | undefined
}): Result<null, readonly FieldError[]> {
  const errors: FieldError[] = []
  if (settings.acceptUnsolicited === true && settings.allowIdpInitiated !== true) {
    errors.push({ field: 'acceptUnsolicited', message: 'needs allowIdpInitiated' })
  }
  if ((settings.identityClaim ?? null) !== null && (settings.tenantId ?? null) !== null) {
    errors.push({
      field: 'identityClaim',
      message: 'has no place with Entra, where people are known by their object id',
    })
  }
  return errors.length === 0 ? ok(null) : err(errors)
}
