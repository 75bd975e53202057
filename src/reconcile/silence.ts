import { actionOf, type DriftItem } from './drift.ts'
import type { Settings } from './settings.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Whether SCIM has said nothing for too long: an expired token or a job in quarantine is noticed by nobody until
 * somebody new is missing (reference a1, complaint 7).
 * @param usedAt when a credential of SCIM was last used; null when there is none or none was ever used
 * @returns the difference to report; null when all is well, or SCIM is not set up
 */
export function judgeSilence(
  usedAt: number | null,
  { settings, nowMs }: { readonly settings: Settings; readonly nowMs: number },
): DriftItem | null {
  const days = usedAt === null ? 0 : Math.floor((nowMs - usedAt) / dayMs)
  if (usedAt === null || days < settings.silentDays) return null
  return {
    kind: 'scim_silent',
    personId: null,
    groupId: null,
    objectId: null,
    attribute: null,
    // Without the number of days: else each day would make another difference of it.
    stated: { silentSince: usedAt },
    held: { days },
    rule: `SCIM counts as silent after ${settings.silentDays} days. Look at the provisioning job in Entra: a credential may have expired, or the job is paused or in quarantine.`,
    action: actionOf[settings.policies.scim_silent],
  }
}
