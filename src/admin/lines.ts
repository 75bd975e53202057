import type { AppContext } from '../http/index.ts'

export const linesType = 'application/x-ndjson'

/** Items of a page, each as JSON on a line of its own. */
export function linesOf(items: readonly unknown[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('')
}

/** Answers with a page as lines; what follows is named by the header Link (RFC 8288). */
export function answerLines(c: AppContext, value: unknown): Response {
  const { items, nextCursor } = value as { items: readonly unknown[]; nextCursor: string | null }
  c.header('Content-Type', linesType)
  if (nextCursor !== null) {
    const { pathname, searchParams } = new URL(c.req.url)
    searchParams.set('cursor', nextCursor)
    c.header('Link', `<${c.get('deps').config.publicUrl}${pathname}?${searchParams}>; rel="next"`)
  }
  return c.body(linesOf(items))
}
