import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { uuid } from '../keys/index.ts'

const cookie = 'SIMESTSAUTH'

/** The browser's id from its cookie; empty when it has none yet, which is nobody's. */
export function browserOf(c: Context): string {
  const id = getCookie(c, cookie) ?? ''
  return /^[0-9a-f-]{36}$/.test(id) ? id : ''
}

/**
 * The browser's id, given to it now if it has none. `None` because requests are posted here from other
 * sites; browsers take `Secure` on 127.0.0.1.
 */
export function ensureBrowser(c: Context): string {
  const known = browserOf(c)
  if (known !== '') return known
  const id = uuid()
  setCookie(c, cookie, id, { path: '/', httpOnly: true, secure: true, sameSite: 'None' })
  return id
}
