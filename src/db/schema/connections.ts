import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { organizations } from './organizations.ts'

/** One SAML connection: an organization's application in its identity provider. */
export const connections = sqliteTable(
  'connections',
  {
    id: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    status: text({ enum: ['draft', 'testing', 'active', 'disabled'] })
      .notNull()
      .default('draft'),
    idpEntityId: text().notNull(),
    ssoUrl: text().notNull(),
    ssoBinding: text({ enum: ['redirect', 'post'] })
      .notNull()
      .default('redirect'),
    sloUrl: text(),
    /** Where answers to the provider's logout requests go, when not to sloUrl (SAML Metadata 2.2.2). */
    sloResponseUrl: text(),
    /** Entra's tenant id, when the entityID is of the form https://sts.windows.net/{tenant}/. */
    tenantId: text(),
    metadataUrl: text(),
    allowIdpInitiated: integer({ mode: 'boolean' }).notNull().default(false),
    /** Accept unsolicited responses directly instead of answering them with a fresh sign-in. */
    acceptUnsolicited: integer({ mode: 'boolean' }).notNull().default(false),
    forceAuthn: integer({ mode: 'boolean' }).notNull().default(false),
    signRequests: integer({ mode: 'boolean' }).notNull().default(false),
    /** Skew tolerated on top of the standard five minutes, at most five more. */
    extraSkewSeconds: integer().notNull().default(0),
    /** For providers other than Entra: the persistent claim that identifies people, instead of NameID. */
    identityClaim: text(),
    /** Attribute key to the claim names an admin chose, tried before the defaults. */
    claimNames: text({ mode: 'json' })
      .$type<Readonly<Record<string, readonly string[]>>>()
      .notNull()
      .default(sql`'{}'`),
    version: integer().notNull().default(1),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [index('connections_organization').on(t.organizationId, t.createdAt)],
)

/** The identity provider's signing certificates that are trusted for a connection. */
export const connectionCertificates = sqliteTable(
  'connection_certificates',
  {
    connectionId: text()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    organizationId: text().notNull(),
    /** Fingerprint of the DER octets, lower-case hexadecimal. */
    sha256: text().notNull(),
    /** DER in base64. */
    der: text().notNull(),
    notBefore: integer().notNull(),
    notAfter: integer().notNull(),
    origin: text({ enum: ['manual', 'metadata'] }).notNull(),
    addedAt: integer().notNull(),
    lastVerifiedAt: integer(),
    /** The earliest moment at which it stops being trusted, because it vanished from the provider's metadata. */
    retireAt: integer(),
    /** Since when an admin trusts it no longer. The row stays, so that metadata does not bring it back by itself. */
    retiredAt: integer(),
    /** The expiry warning that was last written as an event, in days before expiry. */
    warnedDays: integer(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.sha256] }),
    index('connection_certificates_expiry').on(t.notAfter),
  ],
)

/** Portico's own key pairs per connection: for signing requests and for decrypting assertions. */
export const connectionKeys = sqliteTable(
  'connection_keys',
  {
    id: text().primaryKey(),
    connectionId: text()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    organizationId: text().notNull(),
    purpose: text({ enum: ['signing', 'encryption'] }).notNull(),
    /** `next` is published but not used yet; `active` is used; `previous` is still accepted. */
    state: text({ enum: ['next', 'active', 'previous'] }).notNull(),
    /** Self-signed certificate, DER in base64. */
    certificate: text().notNull(),
    /** PKCS#8, sealed (kernel/seal.ts) with table, column, organization and row as additional data. */
    privateKeySealed: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index('connection_keys_connection').on(t.connectionId)],
)

/** Who may sign in while a connection is being tested. */
export const connectionTesters = sqliteTable(
  'connection_testers',
  {
    connectionId: text()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    organizationId: text().notNull(),
    kind: text({ enum: ['objectId', 'userPrincipalName', 'nameId'] }).notNull(),
    value: text().notNull(),
    /** The value as compared: GUIDs and UPNs folded, NameIDs exact. */
    valueKey: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.kind, t.valueKey] })],
)

/** Once-only things: request ids and assertion ids. The primary key is the lock. */
export const consumed = sqliteTable(
  'consumed',
  {
    key: text().primaryKey(),
    /** Names the one attempt that consumed it, so that its own statements can tell. */
    nonce: text().notNull(),
    expiresAt: integer().notNull(),
  },
  (t) => [index('consumed_expiry').on(t.expiresAt)],
)
