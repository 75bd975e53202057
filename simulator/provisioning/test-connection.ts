import { uuid } from '../keys/index.ts'
import { err, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { loadJob } from './jobs.ts'
import { dialectOf } from './patch-body.ts'
import { openScim } from './scim-client.ts'

export type ConnectionTest =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly detail: string }

/**
 * What the portal's button does: it looks for a user, and a group, who cannot be there, and expects an empty
 * list.
 * @returns the outcome, or a sentence when there is nothing to test
 */
export async function testConnection(
  world: World,
  appId: string,
): Promise<Result<ConnectionTest, string>> {
  const found = loadJob(world.sql, appId)
  if (found === null) return err('Provisioning is not set up for this application.')
  const { job } = found
  if (!URL.canParse(job.tenantUrl)) return err('The tenant URL is missing.')
  const scim = openScim(world, job, dialectOf(job.tenantUrl))
  const probes = [
    ['user', job.userMatching[0] ?? 'userName'],
    ...(job.provisionsGroups ? [['group', job.groupMatching] as const] : []),
  ] as const
  for (const [kind, attribute] of probes) {
    const answer = await scim.find(kind, attribute, uuid())
    if (!answer.ok) {
      const { code, detail } = answer.failure
      return { ok: true, value: { ok: false, code, detail } }
    }
  }
  return { ok: true, value: { ok: true } }
}
