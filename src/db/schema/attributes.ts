import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { organizations } from './organizations.ts'

/** Attributes that an organization has beside the built-in ones. */
export const attributeDefinitions = sqliteTable(
  'attribute_definitions',
  {
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Part of the URN by which SCIM sends it: compared without case. */
    key: text().notNull(),
    keyFolded: text().notNull(),
    label: text().notNull(),
    description: text(),
    type: text({ enum: ['string', 'number', 'boolean', 'dateTime'] }).notNull(),
    multiValued: integer({ mode: 'boolean' }).notNull().default(false),
    defaultValue: text({ mode: 'json' }).$type<unknown>(),
    required: integer({ mode: 'boolean' }).notNull().default(false),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.keyFolded] })],
)

/** What an organization's mapping says otherwise than the default one; no row is the default. */
export const mappings = sqliteTable('mappings', {
  organizationId: text()
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  rules: text({ mode: 'json' }).$type<unknown>().notNull(),
  updatedAt: integer().notNull(),
})
