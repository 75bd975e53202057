import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { organizations } from './organizations.ts'
import { people } from './people.ts'

/** A signed-in browser. The cookie's token is stored hashed. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    tokenSha256: text().notNull().unique(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    personId: text()
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    /** Null for a session that a recovery link made. */
    connectionId: text(),
    /** SAML SessionIndex, by which the identity provider ends the session. */
    sessionIndex: text(),
    nameId: text(),
    nameIdFormat: text(),
    userAgent: text(),
    /** When the person last proved to the provider who they are (AuthnInstant); null where no provider said so. */
    authnAt: integer(),
    createdAt: integer().notNull(),
    expiresAt: integer().notNull(),
  },
  (t) => [
    index('sessions_person').on(t.organizationId, t.personId, t.createdAt),
    index('sessions_index').on(t.connectionId, t.sessionIndex),
    index('sessions_expiry').on(t.expiresAt),
  ],
)

/** ES256 keys for session tokens; the public halves are served as JWKS. */
export const signingKeys = sqliteTable('signing_keys', {
  kid: text().primaryKey(),
  publicJwk: text({ mode: 'json' }).$type<Readonly<Record<string, string>>>().notNull(),
  privateKeySealed: text().notNull(),
  createdAt: integer().notNull(),
  /** After this, the key is no longer published. */
  retireAt: integer(),
})
