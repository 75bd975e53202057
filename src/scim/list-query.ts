import { err, limits, ok, type Result } from '../kernel/index.ts'
import type { ScimFailure } from './errors.ts'

/** What a list is asked for (RFC 7644 3.4.2, RFC 9865). */
export type ListQuery = {
  readonly filter: string | null
  readonly sortBy: string | null
  readonly sortOrder: 'ascending' | 'descending'
  /** From 1. */
  readonly startIndex: number
  readonly count: number
  /** Where a page by cursor begins; empty for the first one, null when pages are counted by index. */
  readonly cursor: string | null
  /** Whether users and groups are searched together, from the base URL. */
  readonly everyType: boolean
}

export const wholeList: ListQuery = {
  filter: null,
  sortBy: null,
  sortOrder: 'ascending',
  startIndex: 1,
  count: limits.scimPageSizeDefault,
  cursor: null,
  everyType: false,
}

type Field = 'filter' | 'sortBy' | 'sortOrder' | 'startIndex' | 'count' | 'cursor'

/**
 * Reads the parameters of a list, from a query or from a search request. Numbers below what there is mean
 * the least there is (RFC 7644 table 6); parameters that nobody defines are passed over, since Entra sends
 * some (`aadOptscim062020`).
 */
export function readListQuery(
  field: (name: Field) => string | null,
): Result<ListQuery, ScimFailure> {
  const startIndex = readNumber('startIndex', field('startIndex'), 1)
  if (!startIndex.ok) return startIndex
  const count = readNumber('count', field('count'), limits.scimPageSizeDefault)
  if (!count.ok) return count
  const cursor = field('cursor')
  const order = field('sortOrder')?.toLowerCase() ?? 'ascending'
  if (order !== 'ascending' && order !== 'descending') {
    const detail = 'sortOrder must be ascending or descending.'
    return err({ code: 'scim.invalid_value', detail })
  }
  return ok({
    filter: nonEmpty(field('filter')),
    sortBy: nonEmpty(field('sortBy')),
    sortOrder: order,
    startIndex: Math.max(1, startIndex.value),
    count: Math.min(Math.max(0, count.value), limits.scimPageSizeMax),
    cursor,
    everyType: false,
  })
}

function nonEmpty(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text
}

function readNumber(
  name: 'startIndex' | 'count',
  text: string | null,
  fallback: number,
): Result<number, ScimFailure> {
  if (text === null || text === '') return ok(fallback)
  if (/^[+-]?\d{1,9}$/.test(text.trim())) return ok(Number(text))
  return err({ code: 'scim.invalid_value', detail: `${name} must be a whole number.` })
}
