import { err, ok, type Result, sha256Hex } from '../kernel/index.ts'
import type { FieldError } from './refusal.ts'

/** A create that its sender may repeat: hashed, so that neither key nor body is kept. */
export type Idempotency = { readonly key: string; readonly requestSha256: string }

export const idempotencyHeader = 'Idempotency-Key'
export const replayedHeader = 'Idempotency-Replayed'

/** Checks the Idempotency-Key of a create; null without the header. */
export function checkIdempotencyKey(
  header: string | undefined,
): Result<string | null, readonly FieldError[]> {
  if (header === undefined) return ok(null)
  const message = 'must be 1 to 255 printable ASCII characters'
  return /^[\x21-\x7e]{1,255}$/.test(header)
    ? ok(header)
    : err([{ field: idempotencyHeader, message }])
}

/**
 * What is remembered of a create. Keys of two routes, or of two organizations, never meet.
 * @param route method and path as called
 * @param body JSON of the documented form: only that is of a depth that can be walked
 */
export async function readIdempotency(
  header: string | null,
  { route, body }: { route: string; body: unknown },
): Promise<Idempotency | null> {
  if (header === null) return null
  return {
    key: await sha256Hex(`${route} ${header}`),
    requestSha256: await sha256Hex(sortedJson(body)),
  }
}

/** JSON with the members of every object in one order: the same request written in another way is the same. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
