import { decodeUtf8, type KeyRing, seal, unseal, utf8 } from '../kernel/index.ts'

/** What the value is bound to: one of another purpose, or of the database, does not open as a cookie of this one. */
function placeOf(purpose: string) {
  return { table: 'cookie', column: purpose, organization: '', row: '' }
}

/**
 * A value that a browser carries for us and can neither read nor make (AES-256-GCM, kernel/seal.ts). Each purpose is
 * part of what is authenticated, so a value of one kind never passes for another.
 * @param expiresAtMs after this, it opens no more
 */
export function sealCookie(
  ring: KeyRing,
  purpose: string,
  input: {
    readonly value: Readonly<Record<string, unknown>>
    readonly expiresAtMs: number
  },
): Promise<string> {
  const { value, expiresAtMs } = input
  const secret = utf8(JSON.stringify({ value, expiresAtMs }))
  return seal(ring, placeOf(purpose), { secret })
}

/** Opens what `sealCookie` made for this purpose; null when it is altered, expired or of a key that is gone. */
export async function openCookie(
  ring: KeyRing,
  purpose: string,
  input: { readonly sealed: string; readonly nowMs: number },
): Promise<Readonly<Record<string, unknown>> | null> {
  const opened = await unseal(ring, placeOf(purpose), input.sealed)
  if (opened === null) return null
  // Nobody else can have written it, so it has this form.
  const { value, expiresAtMs } = JSON.parse(decodeUtf8(opened) ?? 'null') as {
    readonly value: Readonly<Record<string, unknown>>
    readonly expiresAtMs: number
  }
  return input.nowMs < expiresAtMs ? value : null
}
