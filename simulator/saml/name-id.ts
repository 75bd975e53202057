import type { App, User } from '../directory/index.ts'
import { bytesToBase64, samlId, utf8 } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Refusal } from './aadsts.ts'
import { userValue } from './user-value.ts'

export type NameId = { readonly value: string; readonly format: string }

const formats = {
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
} as const

/** An identifier of a person that is the same at each sign-in to one application, and another at the next. */
export async function pairwiseId(appId: string, userId: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', utf8(`${appId}/${userId}`))
  return bytesToBase64(new Uint8Array(digest))
}

/**
 * The subject of an assertion. A format in the request overrides the admin's setting; a source without a
 * value falls back to the user principal name, unless a transformation needs it.
 */
export async function nameIdOf(
  app: App,
  user: User,
  requestedFormat: string | null,
): Promise<Result<NameId, Refusal>> {
  const format = requestedFormat ?? formats[app.nameId.format]
  if (format === formats.transient) return ok({ value: samlId(), format })
  const isPairwise =
    format === formats.persistent || (requestedFormat !== null && format === formats.unspecified)
  if (isPairwise) return ok({ value: await pairwiseId(app.appId, user.id), format })
  const value = userValue(user, app.nameId)
  if (value === null && app.nameId.transformation !== null) {
    return err({ code: '501241', input: app.nameId.source ?? 'value' })
  }
  return ok({ value: value ?? user.userPrincipalName, format })
}
