import { type AppInput, appInput } from '../api/index.ts'
import type { App, ClaimRule } from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Form } from './form.ts'

/** A claim as a line of the form: `name = user.department`, or `name = "constant"`. */
export function claimLine({ name, source, value }: ClaimRule): string {
  return `${name} = ${source ?? `"${value ?? ''}"`}`
}

/** What the application's form says, in the API's terms. @returns it, or a sentence */
export function appInputOf(form: Form, app: App): Result<AppInput, string> {
  const url = form.text('spMetadataUrl')
  const isSwitchedOn = form.isOn('encrypts') && app.tokenEncryptionKeyId === null
  const last = isSwitchedOn ? app.encryptionCertificates.at(-1)?.certificate : undefined
  const encryption = form.text('encryptionCertificate') || (last ?? '')
  const certificates = form.text('verificationCertificates')
  const typed = {
    identifiers: form.lines('identifiers'),
    replyUrls: form.lines('replyUrls'),
    logoutUrl: form.orNull('logoutUrl'),
    ...(certificates === '' ? {} : { verificationCertificates: splitPem(certificates) }),
  }
  const parsed = appInput.safeParse({
    ...(url === '' ? typed : { spMetadataUrl: url }),
    displayName: form.text('displayName'),
    signOnUrl: form.orNull('signOnUrl'),
    relayState: form.orNull('relayState'),
    signingOption: form.text('signingOption'),
    signingAlgorithm: form.text('signingAlgorithm'),
    nameId: {
      source: form.text('nameIdSource'),
      format: form.text('nameIdFormat'),
      transformation: form.orNull('nameIdTransformation'),
    },
    claims: form.lines('claims').map((line) => readClaim(line, app)),
    groupClaims: form.text('groupClaims'),
    groupClaimValue: form.text('groupClaimValue'),
    sendsAuthenticationMethods: form.isOn('sendsAuthenticationMethods'),
    appendsAppIdToIssuer: form.isOn('appendsAppIdToIssuer'),
    clockSkewSeconds: Number(form.text('clockSkewSeconds') || app.clockSkewSeconds),
    encryptionContent: form.text('encryptionContent'),
    encryptionTransport: form.text('encryptionTransport'),
    ...(encryption !== '' ? { encryptionCertificate: encryption } : {}),
    ...(encryption === '' && !form.isOn('encrypts') ? { encryptionCertificate: null } : {}),
    requireSignedRequests: form.isOn('requireSignedRequests'),
    allowSha1Requests: form.isOn('allowSha1Requests'),
    assignmentRequired: form.isOn('assignmentRequired'),
    isVisible: form.isOn('isVisible'),
    appRoles: form.lines('appRoles').map((value) => ({
      value,
      displayName: app.appRoles.find((role) => role.value === value)?.displayName,
    })),
    signsLogoutMessages: form.isOn('signsLogoutMessages'),
    logoutNameId: form.text('logoutNameId'),
  })
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return err(`${issue?.path.join(' ')}: ${issue?.message}`)
}

/** A line that was not touched keeps what the form does not show. */
function readClaim(line: string, app: App) {
  const before = app.claims.find((rule) => claimLine(rule) === line)
  if (before !== undefined) return before
  const at = line.lastIndexOf('=')
  const name = line.slice(0, at).trim()
  const from = line.slice(at + 1).trim()
  return from.startsWith('"') ? { name, value: from.replaceAll('"', '') } : { name, source: from }
}

function splitPem(text: string): readonly string[] {
  return text
    .split('-----END CERTIFICATE-----')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
