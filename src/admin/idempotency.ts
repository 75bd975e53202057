import { type Err, err, ok, type Result, sha256Hex } from '../kernel/index.ts'
import type { Refusal } from './refusal.ts'

/** A create that its sender may repeat: hashed, so that neither key nor body is kept. */
export type Idempotency = { readonly key: string; readonly requestSha256: string }

export const idempotencyHeader = 'Idempotency-Key'
export const replayedHeader = 'Idempotency-Replayed'

/**
 * Reads the Idempotency-Key of a create. Keys of two routes, or of two organizations, never meet.
 * @param route method and path as called
 * @returns null without the header, `admin.invalid_request` when it is not a usable key
 */
export async function readIdempotency(
  header: string | undefined,
  { route, body }: { route: string; body: unknown },
): Promise<Result<Idempotency | null, Refusal>> {
  if (header === undefined) return ok(null)
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) return unusable
  return ok({
    key: await sha256Hex(`${route} ${header}`),
    requestSha256: await sha256Hex(sortedJson(body)),
  })
}

const unusable: Err<Refusal> = err({
  code: 'admin.invalid_request',
  errors: [{ field: idempotencyHeader, message: 'must be 1 to 255 printable ASCII characters' }],
})

/** JSON with the members of every object in one order: the same request written in another way is the same. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
