import { type SQL, sql } from 'drizzle-orm'
import type { Attribute, AttributeType } from '../schema/attribute.ts'
import { attributeNamed, type FoundAttribute } from '../schema/find-attribute.ts'
import type { Elements, Leaf } from './compile-store.ts'

/** The two documents of a resource: as it was stated, and with every text folded. */
export type Documents = { readonly view: SQL; readonly folded: SQL }

/** A value in a document: the value as SQL has it, and its JSON type. */
type JsonValue = { readonly value: SQL; readonly type: SQL }

const text = ({ value, type }: JsonValue): SQL => sql`case ${type} when 'text' then ${value} end`
const number = ({ value, type }: JsonValue): SQL =>
  sql`case when ${type} in ('integer', 'real') then ${value} end`

/** Values as filters compare them; of another type than the attribute's they count as absent. */
const typed: Readonly<Record<AttributeType, (json: JsonValue, attribute: Attribute) => SQL>> = {
  string: text,
  reference: text,
  binary: text,
  integer: number,
  // Only an organization's own attributes are, and these keep what they are sent: Entra sends numbers as texts.
  decimal: ({ value, type }) =>
    sql`case when ${type} in ('integer', 'real') then ${value} when ${type} = 'text' and ${value} glob '*[0-9]*' and ${value} not glob '*[^0-9.-]*' then cast(${value} as real) end`,
  // An absent `primary` is false (RFC 7643 2.4).
  // An organization's own attributes keep what they are sent, and Entra sends `"True"`.
  boolean: ({ type, value }, { name }) =>
    name === 'primary'
      ? sql`case ${type} when 'true' then 1 when 'false' then 0 else 0 end`
      : sql`case when ${type} = 'true' or ${type} = 'text' and lower(${value}) = 'true' then 1 when ${type} = 'false' or ${type} = 'text' and lower(${value}) = 'false' then 0 end`,
  // Milliseconds since the epoch. julianday would read `now` as a date, so the T must be there.
  dateTime: ({ value, type }) =>
    sql`case when ${type} = 'text' and substr(${value}, 11, 1) = 'T' then round((julianday(${value}) - 2440587.5) * 86400000) end`,
  complex: ({ value }) => value,
}

/** A value of an attribute that has one. */
export function jsonLeaf(documents: Documents, path: FoundAttribute): Leaf {
  const attribute = path.sub ?? path.attribute
  const document = documentFor(documents, attribute)
  const place = pathText(path)
  const json = {
    value: sql`json_extract(${document}, ${place})`,
    type: sql`json_type(${document}, ${place})`,
  }
  return leafOf(json, attribute)
}

/** The elements of an attribute that is a list. */
export function jsonElements(documents: Documents, path: FoundAttribute): Elements {
  const { attribute } = path
  const list = pathText({ ...path, sub: null })
  const leaf = (part: Attribute | null): Leaf => {
    const compared = part ?? attribute
    return leafOf(elementValue(documents, { part, compared }), compared)
  }
  const primary = attributeNamed(attribute.subAttributes, 'primary')
  return {
    from: sql`json_each(${documents.folded}, ${list}) e where 1`,
    leaf,
    preferred: primary === null ? sql`e.key` : sql`${leaf(primary).typed} desc, e.key`,
  }
}

function elementValue(
  documents: Documents,
  { part, compared }: { part: Attribute | null; compared: Attribute },
): JsonValue {
  // A list of simple values may also hold objects with a `value` (reference a4).
  const name = part?.name ?? 'value'
  if (documentFor(documents, compared) === documents.folded) {
    const key = quoted(`$${keyText(name)}`)
    return ofObject(
      { value: sql`json_extract(e.value, ${key})`, type: sql`json_type(e.value, ${key})` },
      name === 'value' ? { value: sql`e.atom`, type: sql`e.type` } : null,
    )
  }
  // The same element of the other document.
  const place = sql`e.fullkey`
  const at = (inner: SQL): JsonValue => ({
    value: sql`json_extract(${documents.view}, ${inner})`,
    type: sql`json_type(${documents.view}, ${inner})`,
  })
  const inside = at(sql`${place} || ${quoted(keyText(name))}`)
  return ofObject(inside, name === 'value' ? at(place) : null)
}

/** A part of an element that is an object; an element that is a simple value is its own `value`. */
function ofObject(inside: JsonValue, simple: JsonValue | null): JsonValue {
  const otherwise = (one: SQL | undefined) => (one === undefined ? sql`` : sql`else ${one} `)
  return {
    value: sql`case e.type when 'object' then ${inside.value} ${otherwise(simple?.value)}end`,
    type: sql`case e.type when 'object' then ${inside.type} ${otherwise(simple?.type)}end`,
  }
}

function leafOf(json: JsonValue, attribute: Attribute): Leaf {
  return { typed: typed[attribute.type](json, attribute), isPresent: sql`${json.type} <> 'null'` }
}

/** Texts are compared folded unless the attribute is caseExact; a folded date would be none. */
function documentFor({ view, folded }: Documents, { caseExact, type }: Attribute): SQL {
  return caseExact || type === 'dateTime' ? view : folded
}

function pathText({ schema, attribute, sub }: FoundAttribute): SQL {
  const names = [schema, attribute.name, sub?.name ?? null].filter((name) => name !== null)
  return quoted(`$${names.map(keyText).join('')}`)
}

function keyText(name: string): string {
  return `."${name}"`
}

/** Text of ours in SQL. Names come from schemas, or have been read as names, so they have no quotes. */
function quoted(text: string): SQL {
  if (/['?]/.test(text)) throw new Error('a name of an attribute cannot hold quotes')
  return sql.raw(`'${text}'`)
}
