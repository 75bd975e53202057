import { z } from 'zod'
import {
  type App,
  addCertificate,
  createCertificate,
  findApp,
  findGroup,
  findIdentifierConflict,
  findUser,
  listCertificates,
  newApp,
  replaceAssignments,
  saveApp,
} from '../directory/index.ts'
import { readCertificate, uuid } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import { readSpMetadata, type SpMetadata } from '../saml/index.ts'
import type { World } from '../world.ts'
import type { Problem } from './problem.ts'

const source = {
  source: z.string().nullable().default(null),
  value: z.string().nullable().default(null),
  transformation: z
    .enum(['ToLowercase', 'ToUppercase', 'ExtractMailPrefix'])
    .nullable()
    .default(null),
}

/** What may be said about an application. Everything may be left out. */
export const appInput = z.strictObject({
  appId: z.guid().optional(),
  displayName: z.string().min(1).optional(),
  identifiers: z.array(z.string().min(1)).optional(),
  replyUrls: z.array(z.url()).optional(),
  signOnUrl: z.url().nullable().optional(),
  logoutUrl: z.url().nullable().optional(),
  relayState: z.string().nullable().optional(),
  signingOption: z.enum(['assertion', 'response', 'both']).optional(),
  signingAlgorithm: z.enum(['sha256', 'sha1']).optional(),
  nameId: z
    .strictObject({
      ...source,
      format: z
        .enum(['emailAddress', 'persistent', 'unspecified', 'transient'])
        .default('emailAddress'),
    })
    .optional(),
  claims: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        nameFormat: z.string().nullable().default(null),
        ...source,
      }),
    )
    .optional(),
  groupClaims: z.enum(['none', 'all', 'assigned']).optional(),
  groupClaimValue: z.enum(['id', 'displayName']).optional(),
  sendsAuthenticationMethods: z.boolean().optional(),
  appendsAppIdToIssuer: z.boolean().optional(),
  clockSkewSeconds: z.int().min(-86_400).max(86_400).optional(),
  encryptionContent: z.enum(['aes256-cbc', 'aes256-gcm']).optional(),
  encryptionTransport: z.enum(['rsa-oaep-mgf1p', 'rsa-oaep']).optional(),
  requireSignedRequests: z.boolean().optional(),
  allowSha1Requests: z.boolean().optional(),
  assignmentRequired: z.boolean().optional(),
  isVisible: z.boolean().optional(),
  appRoles: z
    .array(
      z.strictObject({
        id: z.guid().optional(),
        value: z.string().min(1),
        displayName: z.string().optional(),
      }),
    )
    .optional(),
  signsLogoutMessages: z.boolean().optional(),
  logoutNameId: z.enum(['same', 'pairwise']).optional(),
  /** Certificates that verify requests, PEM or base64. */
  verificationCertificates: z.array(z.string()).optional(),
  /** A certificate that tokens are encrypted for from now on, PEM or base64; null: no encryption. */
  encryptionCertificate: z.string().nullable().optional(),
  /** A service provider's metadata: identifier, reply URLs, logout URL and certificates come from there. */
  spMetadataUrl: z.url().optional(),
  spMetadataXml: z.string().optional(),
  /** Whether tokens are encrypted for the certificate in the metadata. */
  encryptsForSpMetadata: z.boolean().optional(),
  /** Users by id or user principal name, groups by id or display name; replaces those before. */
  assignments: z
    .array(z.strictObject({ principal: z.string(), role: z.string().nullable().default(null) }))
    .optional(),
})

export type AppInput = z.infer<typeof appInput>

/**
 * Creates or changes an application, all of it or nothing. A new one gets a signing certificate.
 * @param base what it is changed from: null for an application with Entra's defaults
 */
export async function changeApp(
  world: World,
  appId: string,
  { input, base }: { readonly input: AppInput; readonly base: App | null },
): Promise<Result<App, Problem>> {
  const metadata = await loadSpMetadata(world, input)
  if (!metadata.ok) return metadata
  const app = merge(base ?? newApp({ appId }), input, metadata.value)
  if (!app.ok) return app
  const assignments = resolveAssignments(world, app.value, input)
  if (!assignments.ok) return assignments
  const isKeyless = listCertificates(world.sql, appId).length === 0
  const isNew = findApp(world.sql, appId) === null
  const pair = isNew && isKeyless ? await createCertificate(world.nowMs()) : null
  const taken = findIdentifierConflict(world.sql, app.value)
  if (taken !== null) {
    return err({ status: 409, problem: `Another application has the identifier ${taken}.` })
  }
  world.sql.transaction(() => {
    saveApp(world.sql, app.value)
    if (pair !== null) addCertificate(world.sql, appId, pair, world.nowMs())
    if (assignments.value !== null) replaceAssignments(world.sql, appId, assignments.value)
  })
  return app
}

/** Said in other words than it is kept, or only how to get it. */
const translated: ReadonlySet<string> = new Set([
  'appId',
  'appRoles',
  'assignments',
  'encryptionCertificate',
  'encryptsForSpMetadata',
  'spMetadataUrl',
  'spMetadataXml',
  'verificationCertificates',
] satisfies (keyof AppInput)[])

function merge(base: App, input: AppInput, metadata: SpMetadata | null): Result<App, Problem> {
  const { appRoles, encryptionCertificate, encryptsForSpMetadata } = input
  const fromMetadata =
    metadata === null
      ? {}
      : {
          identifiers: [metadata.identifier],
          replyUrls: metadata.replyUrls,
          logoutUrl: metadata.logoutUrl,
          verificationCertificates: metadata.signingCertificates,
        }
  const given = Object.fromEntries(
    Object.entries(input).filter(([key, value]) => value !== undefined && !translated.has(key)),
  )
  const app: App = { ...base, ...fromMetadata, ...given, appId: base.appId }
  const wanted =
    encryptionCertificate === undefined && encryptsForSpMetadata === true
      ? metadata?.encryptionCertificates[0]
      : encryptionCertificate
  if (encryptsForSpMetadata === true && wanted === undefined) {
    return err({ status: 400, problem: 'The metadata has no encryption certificate.' })
  }
  const verifying = input.verificationCertificates?.map(readCertificate)
  const bad = verifying?.find((read) => !read.ok)
  if (bad?.ok === false) {
    return err({ status: 400, problem: `A verification certificate ${bad.failure}.` })
  }
  const encrypted = encrypt(app, wanted)
  if (!encrypted.ok) return encrypted
  return ok({
    ...encrypted.value,
    verificationCertificates:
      verifying?.flatMap((read) => (read.ok ? [read.value.certificate] : [])) ??
      app.verificationCertificates,
    appRoles:
      appRoles?.map((role) => ({
        id: role.id ?? app.appRoles.find(({ value }) => value === role.value)?.id ?? uuid(),
        value: role.value,
        displayName: role.displayName ?? role.value,
      })) ?? app.appRoles,
  })
}

/** Adds an encryption certificate and makes it the active one; null switches encryption off. */
function encrypt(app: App, wanted: string | null | undefined): Result<App, Problem> {
  if (wanted === undefined) return ok(app)
  if (wanted === null) return ok({ ...app, tokenEncryptionKeyId: null })
  const read = readCertificate(wanted)
  if (!read.ok) return err({ status: 400, problem: `The encryption certificate ${read.failure}.` })
  const { thumbprint, certificate } = read.value
  const others = app.encryptionCertificates.filter(({ keyId }) => keyId !== thumbprint)
  return ok({
    ...app,
    encryptionCertificates: [...others, { keyId: thumbprint, certificate }],
    tokenEncryptionKeyId: thumbprint,
  })
}

async function loadSpMetadata(
  world: World,
  { spMetadataUrl, spMetadataXml }: AppInput,
): Promise<Result<SpMetadata | null, Problem>> {
  if (spMetadataXml === undefined && spMetadataUrl === undefined) return ok(null)
  const xml = spMetadataXml ?? (await fetchText(world, spMetadataUrl ?? ''))
  if (xml === null) {
    return err({ status: 400, problem: `There is no metadata at ${spMetadataUrl}.` })
  }
  const read = readSpMetadata(xml)
  return read.ok ? read : err({ status: 400, problem: read.failure })
}

async function fetchText(world: World, url: string): Promise<string | null> {
  try {
    const response = await world.fetch(url)
    return response.ok ? await response.text() : null
  } catch {
    return null // nobody answers there
  }
}

function resolveAssignments(world: World, app: App, { assignments }: AppInput) {
  if (assignments === undefined) return ok(null)
  const resolved: { principalId: string; roleId: string | null }[] = []
  for (const { principal, role } of assignments) {
    const found = findUser(world.sql, principal) ?? findGroup(world.sql, principal)
    if (found === null) {
      return err<Problem>({ status: 400, problem: `There is no user or group ${principal}.` })
    }
    const roleId = app.appRoles.find(({ id, value }) => id === role || value === role)?.id ?? null
    if (role !== null && roleId === null) {
      return err<Problem>({ status: 400, problem: `The application has no role ${role}.` })
    }
    resolved.push({ principalId: found.id, roleId })
  }
  return ok(resolved)
}
