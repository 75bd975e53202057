import { sha256Hex } from '../kernel/index.ts'
import { type DriftItem, driftKeyText } from './drift.ts'
import type { FoundDrift } from './drift-store.ts'

/**
 * A difference as it is stored. What is found by a dry run is a report of a moment: nothing of it waits for anybody.
 * @param world what makes its id
 */
export async function foundOne(
  item: DriftItem,
  world: { newId(prefix: 'drf'): string },
  isDryRun: boolean,
  { isLater, version }: { isLater: boolean; version: number | null } = {
    isLater: false,
    version: null,
  },
): Promise<FoundDrift> {
  const action = item.action === 'repaired' && isLater ? 'planned' : item.action
  return {
    ...item,
    id: world.newId('drf'),
    fingerprint: await sha256Hex(driftKeyText(item)),
    action,
    state: isDryRun || action === 'repaired' ? 'done' : 'open',
    version,
  }
}
