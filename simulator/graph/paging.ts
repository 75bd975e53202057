import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { type AllowedCall, answer, badRequest, type GraphAnswer } from './call.ts'
import { loadGraphSettings } from './settings.ts'

const mostOnPage = 999

/** What was asked for: how many, after which one. */
export type ListPage = { readonly limit: number; readonly after: string }

/** Reads `$top` and `$skiptoken`. @param allowed the other options that may be there */
export function readListPage(
  { sql }: World,
  { query }: AllowedCall,
  allowed: readonly string[],
): Result<ListPage, GraphAnswer> {
  const known = new Set(['$top', '$skiptoken', ...allowed])
  const unsupported = [...query.keys()].find((name) => !known.has(name))
  if (unsupported !== undefined) {
    return err(badRequest(`The query option '${unsupported}' is not supported here.`))
  }
  const top = query.get('$top')
  const limit = top === null ? loadGraphSettings(sql).listPageSize : Number(top)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostOnPage) {
    return err(
      badRequest(`Invalid page size specified: '${top}'. Must be between 1 and 999 inclusive.`),
    )
  }
  const token = query.get('$skiptoken')
  const after = token === null ? '' : Buffer.from(token, 'base64url').toString('utf8')
  return ok({ limit, after })
}

/**
 * A page of a list.
 * @param found up to one more than the page takes, each with what names its place
 */
export function answerList<T extends { readonly place: string; readonly shown: object }>(
  { baseUrl }: World,
  call: AllowedCall,
  {
    found,
    page,
    context,
  }: { readonly found: readonly T[]; readonly page: ListPage; readonly context: string },
): GraphAnswer {
  const effect = call.fault?.effect
  const isAgain = effect === 'replay-page' || effect === 'empty-page'
  const items = found.slice(0, page.limit)
  const isLast = found.length <= page.limit
  const value = effect === 'empty-page' ? [] : items.map(({ shown }) => shown)
  const next = isAgain ? page.after : isLast ? null : (items.at(-1)?.place ?? null)
  const query = new URLSearchParams(call.query)
  query.set('$skiptoken', Buffer.from(next ?? '').toString('base64url'))
  const options = [...query].map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&')
  const link = next === null ? {} : { '@odata.nextLink': `${baseUrl}/v1.0${call.path}?${options}` }
  return answer({
    '@odata.context': `${baseUrl}/v1.0/$metadata#${context}`,
    ...link,
    value: effect === 'repeat-objects' ? [...value, ...value.toReversed()] : value,
  })
}
