import {
  base64UrlDecode,
  base64UrlEncode,
  decodeUtf8,
  err,
  ok,
  type Result,
  sha256Hex,
  utf8,
} from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'

/** Where a page by cursor begins: after this resource, in the order of the sort key. */
export type Position = { readonly id: string; readonly key: string | number | null }

/** What a cursor belongs to: used with another question it would leave resources out. */
export type Question = {
  readonly kind: 'users' | 'groups'
  readonly filter: string | null
  readonly sortBy: string | null
  readonly sortOrder: string
}

/**
 * The cursor of the next page (RFC 9865 2): the last resource's place and a hash of the question. It is no
 * secret and not signed; whatever it says, only resources of the credential are read.
 */
export async function writeCursor(question: Question, { id, key }: Position): Promise<string> {
  return base64UrlEncode(utf8(JSON.stringify([await hashOf(question), id, key])))
}

/** Reads a cursor of `writeCursor`; `scim.invalid_cursor` when it is none, or another question's. */
export async function readCursor(
  question: Question,
  cursor: string,
): Promise<Result<Position, ScimFailure>> {
  const bytes = base64UrlDecode(cursor)
  const text = bytes === null ? null : decodeUtf8(bytes)
  const parsed = text === null ? null : parse(text)
  if (!Array.isArray(parsed) || parsed.length !== 3) {
    return invalid('The cursor was not made by this server; begin again with an empty cursor.')
  }
  const [hash, id, key] = parsed as readonly unknown[]
  if (typeof id !== 'string' || !(key === null || ['string', 'number'].includes(typeof key))) {
    return invalid('The cursor was not made by this server; begin again with an empty cursor.')
  }
  if (hash !== (await hashOf(question))) {
    return invalid(
      'The cursor belongs to another filter or order; ask for the next page as for the first.',
    )
  }
  return ok({ id, key: key as Position['key'] })
}

async function hashOf({ kind, filter, sortBy, sortOrder }: Question): Promise<string> {
  return (await sha256Hex(JSON.stringify([kind, filter, sortBy, sortOrder]))).slice(0, 16)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // SyntaxError: no JSON, so no cursor
  }
}

function invalid(detail: string): { ok: false; failure: ScimFailure } {
  return err({ code: 'scim.invalid_cursor', detail })
}
