import type { AppContext } from './context.ts'

/** Whether our own page sent the form: browsers say so in Sec-Fetch-Site, old ones in Origin. */
export function isFromOurPage(c: AppContext): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = c.req.header('origin')
  return origin === undefined || origin === c.get('deps').config.publicUrl
}
