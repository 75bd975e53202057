import { createHash } from 'node:crypto'
import { documentIn, type Sql } from '../directory/index.ts'
import { base64ToBytes, readCertificate, uuid } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'

/** The application permissions of Microsoft Graph that can be granted here. */
export const permissions = [
  'User.Read.All',
  'Application.Read.All',
  'GroupMember.Read.All',
  'Directory.Read.All',
] as const

export type Permission = (typeof permissions)[number]

export type ClientSecret = {
  readonly id: string
  readonly secret: string
  readonly expiresAtMs: number
}

/** A certificate that client assertions are signed with. */
export type ClientCertificate = {
  /** SHA-256 over the DER in base64url: `x5t#S256`. */
  readonly thumbprint: string
  /** DER in base64. */
  readonly certificate: string
  readonly notAfterMs: number
}

/** How an application calls Graph by itself, and what it may do there. */
export type Registration = {
  readonly secrets: readonly ClientSecret[]
  readonly certificates: readonly ClientCertificate[]
  readonly permissions: readonly Permission[]
}

const nothing: Registration = { secrets: [], certificates: [], permissions: [] }

export function loadRegistration(sql: Sql, appId: string): Registration {
  const [row] = sql.all('SELECT doc FROM registrations WHERE app_id = ?', appId)
  return row === undefined ? nothing : documentIn(row, nothing)
}

export function saveRegistration(sql: Sql, appId: string, registration: Registration): void {
  sql.all('INSERT OR REPLACE INTO registrations VALUES (?, ?)', appId, JSON.stringify(registration))
}

/** A secret in Entra's length. @param secret the one it shall be, or null for any */
export function newSecret(secret: string | null, expiresAtMs: number): ClientSecret {
  return {
    id: uuid(),
    secret: secret ?? `${uuid()}${uuid()}`.replaceAll('-', '').slice(0, 40),
    expiresAtMs,
  }
}

/** Reads a certificate to register, PEM or base64. @returns or a sentence that says what is wrong */
export function clientCertificate(text: string): Result<ClientCertificate, string> {
  const read = readCertificate(text)
  if (!read.ok) return err(read.failure)
  const { certificate, notAfterMs } = read.value
  const thumbprint = createHash('sha256').update(base64ToBytes(certificate)).digest('base64url')
  return ok({ thumbprint, certificate, notAfterMs })
}
