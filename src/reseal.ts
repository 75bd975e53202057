import { countSealed, type Database, nothingSealed, resealPortion, runBatch } from './db/index.ts'
import { resealGraphSecrets } from './graph/index.ts'
import type { Deps } from './http/index.ts'
import { limits } from './kernel/index.ts'
import { sealedConnectionKeys } from './saml/index.ts'
import { sealedSigningKeys } from './session/index.ts'

/**
 * Housekeeping while ENCRYPTION_KEYS holds more than one key: encrypts a portion of what the older ones sealed anew
 * with the first one, and says which of them nothing needs any more. Costs nothing otherwise. Safe to repeat and
 * to overlap: a value is replaced only while it is the one that was read.
 */
export async function resealSecrets(
  { config, random, log }: Pick<Deps, 'config' | 'random' | 'log'>,
  db: Database,
): Promise<void> {
  const ring = config.keyRing
  const [, ...older] = ring
  if (older.length === 0) return
  const portions = [
    await resealPortion(db, ring, { table: sealedConnectionKeys, random }),
    await resealPortion(db, ring, { table: sealedSigningKeys, random }),
    await resealGraphSecrets(db, ring, { limit: limits.resealedGraphSecretsPerTick, random }),
  ]
  await runBatch(
    db,
    portions.flatMap(({ statements }) => statements),
  )
  const lost = portions.reduce((sum, portion) => sum + portion.lost, 0)
  if (lost > 0) log('error', 'secrets do not open with the key that they name', { lost })
  const counts = await countSealed(db)
  for (const { kid } of older) {
    const uses = counts.get(kid) ?? nothingSealed
    const isFree = Object.values(uses).every((count) => count === 0)
    log('info', isFree ? 'encryption key is free' : 'encryption key is in use', { kid, ...uses })
  }
}
