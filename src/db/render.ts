import {
  Column,
  getTableName,
  Name,
  Param,
  Placeholder,
  SQL,
  StringChunk,
  Table,
} from 'drizzle-orm'

/** A statement's text with a `?` for each of its values. */
export type Rendered = { readonly sql: string; readonly params: unknown[] }

/**
 * The text and values of a statement, as Drizzle makes them, in a twentieth of its time: Drizzle builds an
 * object for each piece and joins them level by level, which is a fifth of a SCIM create.
 * @returns null for what only Drizzle knows how to write, such as a sub-query of its builder
 */
export function renderSql(query: SQL): Rendered | null {
  const params: unknown[] = []
  const text = write(query, params)
  return text === null ? null : { sql: text, params }
}

const simple: ReadonlySet<string> = new Set(['string', 'number', 'boolean'])

function write(query: SQL, params: unknown[]): string | null {
  let text = ''
  for (const chunk of query.queryChunks as readonly unknown[]) {
    const part = writeChunk(chunk, params)
    if (part === null) return null
    text += part
  }
  return text
}

function writeChunk(chunk: unknown, params: unknown[]): string | null {
  if (chunk instanceof StringChunk) return chunk.value.join('')
  if (chunk === null || simple.has(typeof chunk)) {
    params.push(chunk)
    return '?'
  }
  if (chunk instanceof SQL) return write(chunk, params)
  if (chunk instanceof Param) return writeParam(chunk, params)
  if (chunk instanceof Column) return columnText(chunk)
  if (chunk instanceof Table) return quoted(getTableName(chunk))
  if (chunk instanceof Name) return quoted(chunk.value)
  return null
}

function writeParam({ value, encoder }: Param, params: unknown[]): string | null {
  if (value instanceof Placeholder) return null
  const mapped: unknown = value === null ? null : encoder.mapToDriverValue(value)
  if (mapped instanceof SQL) return write(mapped, params)
  params.push(mapped)
  return '?'
}

const columnTexts = new WeakMap<Column, string>()

function columnText(column: Column): string {
  const known = columnTexts.get(column)
  if (known !== undefined) return known
  const name = column.keyAsName ? snakeCase(column.name) : column.name
  const text = `${quoted(getTableName(column.table))}.${quoted(name)}`
  columnTexts.set(column, text)
  return text
}

function quoted(name: string): string {
  return `"${name}"`
}

/** A column's name in the database, as drizzle's `casing: 'snake_case'` makes it. */
export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
