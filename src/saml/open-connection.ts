import { namingClaims, type Ruleset, rulesetFor } from '../directory/index.ts'
import type { Config } from '../http/index.ts'
import { type Bytes, base64Decode, type SealedPlace, unseal } from '../kernel/index.ts'
import {
  importSigningKey,
  importVerifyKey,
  parseCertificate,
  type VerifyKey,
} from '../xmldsig/index.ts'
import { type DecryptKey, importDecryptKey } from '../xmlenc/index.ts'
import { foldClaimName } from './claims.ts'
import type { SamlConnection } from './connection.ts'
import type { ConnectionKeyRow, ConnectionRecord } from './connection-store.ts'
import { type SpUrls, spUrls } from './sp-urls.ts'

/** A connection with its keys imported, ready for sign-ins. */
export type OpenConnection = {
  readonly record: ConnectionRecord
  /** What a response is judged by. */
  readonly saml: SamlConnection
  readonly urls: SpUrls
  /** By which profiles are made, with the claim names of the connection. */
  readonly ruleset: Ruleset
  /** Signs requests; null when the connection does not sign, or its key is gone. */
  readonly signing: { readonly key: CryptoKey; readonly certificateDer: Bytes } | null
}

/** Where a connection's private key is sealed for. */
export function connectionKeyPlace(row: { id: string; organizationId: string }): SealedPlace {
  return {
    table: 'connection_keys',
    column: 'private_key_sealed',
    organization: row.organizationId,
    row: row.id,
  }
}

/**
 * Imports a connection's keys: once per version and isolate. A certificate that does not parse is left
 * out, which can only refuse: no key means nobody.
 */
export async function openConnection(
  record: ConnectionRecord,
  config: Config,
): Promise<OpenConnection> {
  const { connection } = record
  const urls = spUrls(config.publicUrl, connection.id)
  const trusted = record.certificates.filter((row) => row.retiredAt === null)
  const keys = await Promise.all(trusted.map((row) => openVerifyKey(row.der)))
  const opened = await openPrivateKeys(record, config)
  const ruleset = rulesetFor(record.rules, connection.id)
  return {
    record,
    urls,
    ruleset,
    signing: opened.signing,
    saml: {
      id: connection.id,
      version: connection.version,
      status: connection.status,
      idp: { entityId: connection.idpEntityId, tenantId: connection.tenantId },
      keys: keys.filter((key) => key !== null),
      decryptKeys: opened.decryptKeys,
      sp: urls,
      acceptSpnAudience: false,
      allowIdpInitiated: connection.allowIdpInitiated || connection.acceptUnsolicited,
      extraSkewMs: connection.extraSkewSeconds * 1000,
      identityClaim: connection.identityClaim,
      scopes: null,
      singleClaims: new Set(namingClaims(ruleset.mapping).map(foldClaimName)),
    },
  }
}

/** The key of a pinned certificate; null when it does not parse. */
export async function openVerifyKey(derBase64: string): Promise<VerifyKey | null> {
  const der = base64Decode(derBase64)
  const certificate = der === null ? null : await parseCertificate(der)
  if (certificate === null || !certificate.ok) return null
  const key = await importVerifyKey(certificate.value)
  return key.ok ? key.value : null
}

async function openPrivateKeys(record: ConnectionRecord, config: Config) {
  const { connection, keys } = record
  const signing = keys.find((key) => key.purpose === 'signing' && key.state === 'active')
  const encryption = keys.filter((key) => key.purpose === 'encryption')
  const pkcs8 = connection.signRequests && signing !== undefined ? await open(signing) : null
  const certificateDer = base64Decode(signing?.certificate ?? '')
  const decryptKeys = await Promise.all(
    encryption.map(async (row): Promise<DecryptKey | null> => {
      const secret = await open(row)
      return secret === null ? null : importDecryptKey(secret)
    }),
  )
  return {
    signing:
      pkcs8 === null || certificateDer === null
        ? null
        : { key: await importSigningKey(pkcs8), certificateDer },
    decryptKeys: decryptKeys.filter((key) => key !== null),
  }

  function open(row: ConnectionKeyRow): Promise<Bytes | null> {
    return unseal(config.keyRing, connectionKeyPlace(row), row.privateKeySealed)
  }
}
