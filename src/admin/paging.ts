import { described } from '#described'
import * as z from '#zod'
import { type IdPrefix, limits } from '../kernel/index.ts'

/** Reads a cursor; null when it is none of the list. */
export type ReadCursor<T> = (text: string) => T | null

/**
 * `?limit=` and `?cursor=` of every list. The cursor is opaque to callers; one of another list is refused,
 * because it would lead to a page that looks right.
 */
export function pageQuery<T>(readCursor: ReadCursor<T>) {
  return {
    limit: z
      .string()
      .transform((text, context) => {
        const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
        if (limit >= 1 && limit <= limits.pageSizeMax) return limit
        context.addIssue(`must be a whole number from 1 to ${limits.pageSizeMax}`)
        return z.NEVER
      })
      .default(limits.pageSizeDefault)
      .openapi(
        described(() => ({
          type: 'integer',
          minimum: 1,
          maximum: limits.pageSizeMax,
          default: limits.pageSizeDefault,
          description: 'Items per page.',
        })),
      ),
    cursor: z
      .string()
      .max(4096)
      .transform((text, context) => {
        const cursor = readCursor(text)
        if (cursor !== null) return cursor
        context.addIssue('must be a nextCursor of this list; leave it out for the first page')
        return z.NEVER
      })
      .optional()
      .openapi(
        described(() => ({
          type: 'string',
          description: 'nextCursor of the page before; opaque.',
        })),
      ),
  }
}

/** Cursors of a list in the order of its ids. */
export function idCursor(prefix: IdPrefix): ReadCursor<string> {
  const pattern = new RegExp(`^${prefix}_\\w{1,60}$`)
  return (text) => (pattern.test(text) ? text : null)
}

/** Where a list that begins with the newest goes on. */
export type Moment = { readonly createdAt: number; readonly id: string }

/** Cursors of a list that begins with the newest. */
export function newestCursor(prefix: IdPrefix): ReadCursor<Moment> {
  const pattern = new RegExp(`^(\\d{1,15})\\.(${prefix}_\\w{1,60})$`)
  return (text) => {
    const [, createdAt, id] = pattern.exec(text) ?? []
    return createdAt === undefined || id === undefined ? null : { createdAt: Number(createdAt), id }
  }
}

/** The cursor that `newestCursor` reads. */
export function newestCursorOf({ createdAt, id }: Moment): string {
  return `${createdAt}.${id}`
}

/** The answer of a list: `nextCursor` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() })
}

/**
 * Cuts a page out of rows, of which one more than shown was asked for.
 * @param cursorOf the cursor that leads to what follows a row
 */
export function cutPage<Row, Item>(
  rows: readonly Row[],
  {
    limit,
    cursorOf,
    present,
  }: {
    limit: number
    cursorOf: (row: Row) => string
    present: (row: Row) => Item
  },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const isMore = rows.length > limit && last !== undefined
  return { items: shown.map(present), nextCursor: isMore ? cursorOf(last) : null }
}
