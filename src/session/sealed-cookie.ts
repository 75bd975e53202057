import { EncryptJWT, jwtDecrypt } from 'jose'
import { derivedKeyOctets, type KeyRing } from '../kernel/index.ts'

/**
 * A value that a browser carries for us and can neither read nor make (JWE, RFC 7516, `dir` with
 * A256GCM). Each purpose has a key of its own, so a value of one kind never passes for another.
 * @param expiresAtMs after this, it opens no more
 */
export async function sealCookie(
  ring: KeyRing,
  purpose: string,
  input: {
    readonly value: Readonly<Record<string, unknown>>
    readonly nowMs: number
    readonly expiresAtMs: number
  },
): Promise<string> {
  const [master] = ring
  return new EncryptJWT({ v: input.value })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: master.kid })
    .setIssuedAt(Math.floor(input.nowMs / 1000))
    .setExpirationTime(Math.ceil(input.expiresAtMs / 1000))
    .encrypt(await derivedKeyOctets(master, purpose))
}

/** Opens what `sealCookie` made for this purpose; null when it is altered, expired or of a key that is gone. */
export async function openCookie(
  ring: KeyRing,
  purpose: string,
  input: { readonly sealed: string; readonly nowMs: number },
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const { payload } = await jwtDecrypt(
      input.sealed,
      async ({ kid }) => {
        const master = ring.find((key) => key.kid === kid)
        if (master === undefined) throw new Error('unknown kid')
        return derivedKeyOctets(master, purpose)
      },
      {
        currentDate: new Date(input.nowMs),
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      },
    )
    const value = payload['v']
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null // jose throws for every cookie that is not ours any more: that is the answer
  }
}
