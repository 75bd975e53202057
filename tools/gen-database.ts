import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const schemaFolder = 'src/db/schema'

/**
 * `docs/database.md`: the tables of the newest drizzle-kit snapshot with the comments of the schema.
 * @param folder of the migrations
 */
export function renderDatabase(folder: string): string {
  const snapshots = join(folder, 'meta')
  const newest = readdirSync(snapshots)
    .filter((name) => name.endsWith('_snapshot.json'))
    .sort()
    .at(-1)
  if (newest === undefined) throw new Error(`${snapshots} has no snapshot`)
  const { tables } = JSON.parse(readFileSync(join(snapshots, newest), 'utf8')) as Snapshot
  const comments = readComments()
  const sections = Object.values(tables)
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((table) =>
      renderTable(table, comments.get(table.name) ?? { about: '', columns: new Map() }),
    )
  return [
    '# Database',
    '',
    'Made by `npm run gen` from `src/db/schema/` and the newest migration; do not edit.',
    '',
    'Times are milliseconds since 1970. `token_sha256` is the hash of a token; what ends in `_sealed` is encrypted.',
    '',
    ...sections,
  ].join('\n')
}

/** The parts of a drizzle-kit snapshot that are read here; the file is our own tool's output. */
type Snapshot = { readonly tables: Readonly<Record<string, Table>> }
type Table = {
  readonly name: string
  readonly columns: Readonly<Record<string, Column>>
  readonly indexes: Readonly<Record<string, Index>>
  readonly foreignKeys: Readonly<Record<string, ForeignKey>>
  readonly compositePrimaryKeys: Readonly<Record<string, { readonly columns: readonly string[] }>>
}
type Column = {
  readonly name: string
  readonly type: string
  readonly primaryKey: boolean
  readonly notNull: boolean
  readonly default?: unknown
}
type Index = {
  readonly name: string
  readonly columns: readonly string[]
  readonly isUnique: boolean
  readonly where?: string
}
type ForeignKey = {
  readonly columnsFrom: readonly string[]
  readonly tableTo: string
  readonly columnsTo: readonly string[]
  readonly onDelete: string
}
type Comments = { readonly about: string; readonly columns: ReadonlyMap<string, string> }

function renderTable(table: Table, comments: Comments): string {
  const keys = Object.values(table.compositePrimaryKeys).map(
    ({ columns }) => `- primary key (${columns.join(', ')})`,
  )
  const references = Object.values(table.foreignKeys).map(
    ({ columnsFrom, tableTo, columnsTo, onDelete }) =>
      `- ${columnsFrom.join(', ')} → ${tableTo} (${columnsTo.join(', ')}), on delete ${onDelete}`,
  )
  const indexes = Object.values(table.indexes).map(
    ({ name, columns, isUnique, where }) =>
      `- ${isUnique ? 'unique ' : ''}\`${name}\` (${columns.join(', ')})${where === undefined ? '' : ` where ${where}`}`,
  )
  const facts = [...keys, ...references, ...indexes]
  const columns = Object.values(table.columns).map((column) => {
    const type = [
      column.type,
      column.primaryKey ? 'primary key' : column.notNull ? '' : 'may be null',
      column.default === undefined ? '' : `default \`${String(column.default)}\``,
    ]
    const about = comments.columns.get(column.name) ?? ''
    return `| \`${column.name}\` | ${type.filter((part) => part !== '').join(', ')} | ${about.replaceAll('|', '\\|')} |`
  })
  return [
    `## ${table.name}`,
    '',
    ...(comments.about === '' ? [] : [comments.about, '']),
    '| Column | Type | Meaning |',
    '|---|---|---|',
    ...columns,
    '',
    ...(facts.length > 0 ? [...facts, ''] : []),
  ].join('\n')
}

/** The doc comments of the schema files, by table and column name in the database. */
function readComments(): ReadonlyMap<string, Comments> {
  const found = new Map<string, Comments>()
  for (const file of readdirSync(schemaFolder).filter((name) => name.endsWith('.ts'))) {
    const source = readFileSync(join(schemaFolder, file), 'utf8')
    const tables = [
      ...source.matchAll(
        /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?export const \w+ = sqliteTable\(\s*'(\w+)'/g,
      ),
    ]
    for (const [index, match] of tables.entries()) {
      const body = source.slice(match.index + match[0].length, tables[index + 1]?.index)
      const columns = [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+):/g)].map(
        ([, comment = '', key = '']) => [snakeCase(key), plain(comment)] as const,
      )
      found.set(match[2] ?? '', { about: plain(match[1] ?? ''), columns: new Map(columns) })
    }
  }
  return found
}

/** A doc comment as one line. */
function plain(comment: string): string {
  return comment
    .replace(/^\s*\*\s?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
