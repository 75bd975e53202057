import { limits } from '../kernel/index.ts'
import { z } from './api.ts'

/** `?limit=` and `?cursor=` of every list; the cursor is opaque to callers. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.pageSizeMax)
    .default(limits.pageSizeDefault)
    .openapi({ description: 'Items per page.' }),
  cursor: z
    .string()
    .max(256)
    .optional()
    .openapi({ description: 'nextCursor of the page before; opaque.' }),
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
