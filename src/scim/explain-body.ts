import { limits, ok, printable, type Result } from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'
import { messages } from './messages.ts'
import { readOperations } from './patch/operations.ts'
import { parseJson } from './read-body.ts'
import { isObject, type JsonObject, valueIn } from './resource/json.ts'

export type ScimKind =
  | 'scim_user'
  | 'scim_group'
  | 'scim_patch'
  | 'scim_list'
  | 'scim_error'
  | 'scim_bulk'
  | 'scim_search'
  | 'json'

/** One thing that a body says, in plain words. */
export type ScimPart = { readonly label: string; readonly value: string; readonly says: string }

export type ExplainedBody = {
  readonly kind: ScimKind
  /** Indented, without passwords. */
  readonly json: string
  readonly parts: readonly ScimPart[]
}

/** Parts that are told; what is beyond stands in the JSON. */
const maxParts = 100

const resource = 'urn:ietf:params:scim:schemas:core:2.0:'
const errorMessage = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** What a body is, by its `schemas` (RFC 7643 3, RFC 7644 8.2). */
const kinds: readonly (readonly [schema: string, kind: ScimKind])[] = [
  [messages.patch, 'scim_patch'],
  [messages.list, 'scim_list'],
  [messages.search, 'scim_search'],
  [messages.bulkRequest, 'scim_bulk'],
  [messages.bulkResponse, 'scim_bulk'],
  [errorMessage, 'scim_error'],
  [`${resource}User`, 'scim_user'],
  [`${resource}Group`, 'scim_group'],
]

/**
 * Says what the body of a SCIM request or answer means: the same reader as the server's, so a password is dropped, and
 * what the server would not read is not explained. Pure.
 * @returns `scim.invalid_syntax` for what is no JSON object, or nested deeper than any resource
 */
export function explainScimBody(text: string): Result<ExplainedBody, ScimFailure> {
  const parsed = parseJson(text)
  if (!parsed.ok) return parsed
  const body = parsed.value
  const kind = kindOf(body)
  const parts = readers[kind](body).slice(0, maxParts)
  return ok({ kind, json: JSON.stringify(body, null, 2), parts })
}

function kindOf(body: JsonObject): ScimKind {
  const stated = valueIn(body, 'schemas')
  const schemas = (Array.isArray(stated) ? stated : [stated]).flatMap((schema) =>
    typeof schema === 'string' ? [schema.toLowerCase()] : [],
  )
  const found = kinds.find(([schema]) => schemas.includes(schema.toLowerCase()))
  if (found !== undefined) return found[1]
  // Entra names the schema; others leave it out.
  return Array.isArray(valueIn(body, 'Operations')) ? 'scim_patch' : 'json'
}

const readers: Readonly<Record<ScimKind, (body: JsonObject) => readonly ScimPart[]>> = {
  scim_user: userParts,
  scim_group: groupParts,
  scim_patch: patchParts,
  scim_list: (body) => [
    part(body, 'totalResults', 'How many there are in all; 0 makes Entra create.'),
    part(body, 'itemsPerPage', 'How many this page has.'),
    part(body, 'startIndex', 'Which one is the first of this page, from 1.'),
  ],
  scim_error: (body) => [
    part(
      body,
      'status',
      'The HTTP status: Entra retries 5xx and 429, and quarantines after many 4xx.',
    ),
    part(body, 'scimType', 'What kind of refusal (RFC 7644 3.12).'),
    part(body, 'detail', 'What is wrong and what to do; Entra shows it in its provisioning log.'),
  ],
  scim_bulk: (body) => [
    part(body, 'failOnErrors', 'After how many failures the rest is left out.'),
    count(body, 'Operations', 'Requests in one; each is applied whole or not at all.'),
  ],
  scim_search: (body) => [
    part(body, 'filter', 'Which resources are wanted.'),
    part(body, 'attributes', 'Which attributes are wanted.'),
    part(body, 'count', 'How many at most.'),
  ],
  json: () => [],
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'not stated')
  return printable(text, limits.evidenceLength)
}

function part(body: JsonObject, label: string, says: string): ScimPart {
  return { label, value: show(valueIn(body, label)), says }
}

function count(body: JsonObject, label: string, says: string): ScimPart {
  const list = valueIn(body, label)
  return { label, value: String(Array.isArray(list) ? list.length : 0), says }
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function userParts(body: JsonObject): readonly ScimPart[] {
  const externalId = valueIn(body, 'externalId')
  const isObjectId = typeof externalId === 'string' && guid.test(externalId)
  const extensions = Object.keys(body).filter((key) => /^urn:/i.test(key))
  return [
    part(
      body,
      'userName',
      'The name that people are matched by; with Entra the user principal name.',
    ),
    part(
      body,
      'externalId',
      isObjectId
        ? 'An object id: it binds the person for good.'
        : 'No GUID: map objectId to externalId in Entra, so that people are known by it.',
    ),
    { ...part(body, 'active', ''), says: activeSays(valueIn(body, 'active')) },
    ...extensions.map((key) => ({
      label: 'Extension',
      value: show(key),
      says: `Attributes of an extension: ${names(valueIn(body, key))}.`,
    })),
  ]
}

function activeSays(value: unknown): string {
  const text = String(value).toLowerCase()
  if (text === 'false') return 'Deactivates: the person loses every session at once.'
  return text === 'true' ? 'The person may sign in.' : 'Not stated: active stays as it is.'
}

function names(value: unknown): string {
  return isObject(value) ? show(Object.keys(value).join(', ')) : 'none'
}

function groupParts(body: JsonObject): readonly ScimPart[] {
  return [
    part(body, 'displayName', 'The name of the group.'),
    part(body, 'externalId', 'With Entra the object id of the group.'),
    count(body, 'members', 'People or groups in it, by their id here.'),
  ]
}

function patchParts(body: JsonObject): readonly ScimPart[] {
  const read = readOperations(body)
  if (!read.ok) return [{ label: 'Operations', value: 'refused', says: read.failure.detail }]
  const raw = valueIn(body, 'Operations')
  const list = Array.isArray(raw) ? raw : [raw]
  return read.value.map(({ op, path, value, number }, i) => ({
    label: `Operation ${number}`,
    value: `${op} ${path === null ? '(the resource)' : show(path)}${value === undefined ? '' : ` = ${show(value)}`}`,
    says: [operationSays({ op, path, value }), ...dialectSays(list[i], { path, value })].join(' '),
  }))
}

type Told = { readonly op?: string; readonly path: string | null; readonly value: unknown }

function operationSays({ op, path, value }: Told): string {
  if (path === null) return `Sets several attributes at once: ${names(value)}.`
  if (path.toLowerCase() === 'active') return activeSays(unwrap(value))
  if (/^members/i.test(path)) {
    return op === 'remove' ? 'Takes members out of the group.' : 'Puts members into the group.'
  }
  if (op === 'remove') return 'Removes the value: blank is a statement.'
  return op === 'add' ? 'Adds the value.' : 'Sets the value, also when there was none.'
}

function unwrap(value: unknown): unknown {
  const [first] = Array.isArray(value) ? value : [value]
  return isObject(first) ? valueIn(first, 'value') : first
}

/** By what it shows itself: both of Entra's dialects are always read. */
function dialectSays(raw: unknown, { path, value }: Told): readonly string[] {
  const op = isObject(raw) ? valueIn(raw, 'op') : ''
  const isCapital = typeof op === 'string' && /^[A-Z]/.test(op)
  const isTextBoolean = /^(?:true|false)$/i.test(typeof value === 'string' ? value : '')
  const isFolded =
    path === null && isObject(value) && Object.keys(value).some((key) => /[.:]/.test(key))
  return [
    ...(isCapital ? [`“${show(op)}” with a capital is Entra’s default dialect.`] : []),
    ...(isTextBoolean ? ['The truth value is written as text, as Entra does by default.'] : []),
    ...(isFolded ? ['Names as paths in one value are Entra’s dialect with aadOptscim062020.'] : []),
  ]
}
