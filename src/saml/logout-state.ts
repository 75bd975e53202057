import { type KeyRing, limits } from '../kernel/index.ts'
import { openCookie, sealCookie } from '../session/index.ts'

/** A logout that this browser started at the identity provider. */
export type LogoutState = {
  readonly requestId: string
  readonly connectionId: string
  readonly returnTo: string
}

export const logoutCookie = '__Host-portico_logout'
const purpose = 'logout state'
const attributes = 'Path=/; Secure; HttpOnly; SameSite=None'

/** Set-Cookie that remembers a started logout for as long as a sign-in may take. */
export async function rememberLogout(
  ring: KeyRing,
  state: LogoutState,
  nowMs: number,
): Promise<string> {
  const sealed = await sealCookie(ring, purpose, {
    value: state,
    expiresAtMs: nowMs + limits.loginStateMs,
  })
  return `${logoutCookie}=${sealed}; ${attributes}; Max-Age=${limits.loginStateMs / 1000}`
}

/** Set-Cookie that forgets it. */
export function forgetLogout(): string {
  return `${logoutCookie}=; ${attributes}; Max-Age=0`
}

/** The logout that this browser has open at this connection, or null. */
export async function openLogout(
  ring: KeyRing,
  input: { sealed: string | undefined; connectionId: string; nowMs: number },
): Promise<LogoutState | null> {
  const { sealed = '', nowMs } = input
  const value = await openCookie(ring, purpose, { sealed, nowMs })
  if (value === null) return null
  const { requestId, connectionId, returnTo } = value
  if (typeof requestId !== 'string' || typeof returnTo !== 'string') return null
  return connectionId === input.connectionId ? { requestId, connectionId, returnTo } : null
}
