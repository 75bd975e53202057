import type * as z from '#zod'
import type { Config } from '../http/index.ts'
import { limits, toIso } from '../kernel/index.ts'
import {
  appIdOf,
  type CertificateRow,
  type ConnectionKeyRow,
  type ConnectionRow,
  type ListedConnection,
  readCertificateText,
  spUrls,
} from '../saml/index.ts'
import { nextStatuses } from './connection-rules.ts'
import type { connectionAnswer } from './connection-schema.ts'
import type { Warning } from './provider.ts'

type ConnectionAnswer = z.input<typeof connectionAnswer>

/** A connection as the API shows it: our URLs derived from PUBLIC_URL, no private key. */
export async function presentConnection(
  { connection, certificates, keys }: ListedConnection,
  {
    config,
    nowMs,
    warnings = [],
  }: {
    config: Config
    nowMs: number
    /** What was found while the connection was being written, beside what its state says. */
    warnings?: readonly Warning[]
  },
): Promise<ConnectionAnswer> {
  const urls = spUrls(config.publicUrl, connection.id)
  return {
    id: connection.id,
    organization: connection.organizationId,
    name: connection.name,
    status: connection.status,
    version: connection.version,
    nextStatuses: [...nextStatuses(connection.status)],
    entityId: urls.entityId,
    acsUrl: urls.acsUrl,
    metadataUrl: urls.entityId,
    loginUrl: urls.loginUrl,
    logoutUrl: urls.sloUrl,
    idp: {
      entityId: connection.idpEntityId,
      ssoUrl: connection.ssoUrl,
      ssoBinding: connection.ssoBinding,
      sloUrl: connection.sloUrl,
      sloResponseUrl: connection.sloResponseUrl,
      tenantId: connection.tenantId,
      metadataUrl: connection.metadataUrl,
      certificates: await Promise.all([...certificates].sort(newestFirst).map(presentCertificate)),
    },
    allowIdpInitiated: connection.allowIdpInitiated,
    acceptUnsolicited: connection.acceptUnsolicited,
    forceAuthn: connection.forceAuthn,
    signRequests: connection.signRequests,
    extraSkewSeconds: connection.extraSkewSeconds,
    identityClaim: connection.identityClaim,
    claimNames: Object.fromEntries(
      Object.entries(connection.claimNames).map(([key, names]) => [key, [...names]]),
    ),
    keys: [...keys].sort(byPurposeAndState).map(presentKey),
    warnings: [...warnings, ...warningsOf(connection, certificates, nowMs)],
    createdAt: toIso(connection.createdAt),
    updatedAt: toIso(connection.updatedAt),
  }
}

type CertificateAnswer = ConnectionAnswer['idp']['certificates'][number]

async function presentCertificate(row: CertificateRow): Promise<CertificateAnswer> {
  const read = await readCertificateText(row.der)
  return {
    sha256: row.sha256,
    subject: read.ok ? read.value.subject : '',
    notBefore: toIso(row.notBefore),
    notAfter: toIso(row.notAfter),
    origin: row.origin,
    addedAt: toIso(row.addedAt),
    lastVerifiedAt: row.lastVerifiedAt === null ? null : toIso(row.lastVerifiedAt),
    retireAt: row.retireAt === null ? null : toIso(row.retireAt),
    retiredAt: row.retiredAt === null ? null : toIso(row.retiredAt),
  }
}

function newestFirst(a: CertificateRow, b: CertificateRow): number {
  return b.notBefore - a.notBefore || (a.sha256 < b.sha256 ? -1 : 1)
}

function presentKey(row: ConnectionKeyRow): ConnectionAnswer['keys'][number] {
  const lines = row.certificate.match(/.{1,64}/g) ?? []
  return {
    id: row.id,
    purpose: row.purpose,
    state: row.state,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    createdAt: toIso(row.createdAt),
  }
}

const stateOrder = ['active', 'next', 'previous']

function byPurposeAndState(a: ConnectionKeyRow, b: ConnectionKeyRow): number {
  if (a.purpose !== b.purpose) return a.purpose === 'signing' ? -1 : 1
  return stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state)
}

const warningMs = limits.certificateWarningDays * 24 * 60 * 60 * 1000

/** What will go wrong, or does already. */
function warningsOf(
  connection: ConnectionRow,
  certificates: readonly CertificateRow[],
  nowMs: number,
): readonly Warning[] {
  const warnings: Warning[] = []
  const source = URL.parse(connection.metadataUrl ?? '')
  if (connection.tenantId !== null && source !== null && appIdOf(source) === null) {
    warnings.push({
      code: 'no_app_id',
      message:
        'The metadata URL has no appid, so Entra shows the tenant’s keys instead of the application’s; copy App Federation Metadata Url again.',
    })
  }
  const trusted = certificates.filter((row) => row.retiredAt === null)
  const valid = trusted.filter((row) => row.notBefore <= nowMs && nowMs <= row.notAfter)
  if (valid.length === 0) {
    warnings.push({
      code: 'no_valid_certificate',
      message: 'No certificate is valid today, so nobody can sign in.',
    })
  }
  for (const { sha256, notAfter } of trusted.filter((row) => row.notAfter - nowMs < warningMs)) {
    const verb = notAfter < nowMs ? 'expired' : 'expires'
    warnings.push({
      code: notAfter < nowMs ? 'certificate_expired' : 'certificate_expiring',
      message: `Certificate ${sha256.slice(0, 16)}… ${verb} on ${toIso(notAfter).slice(0, 10)}.`,
    })
  }
  return warnings
}
