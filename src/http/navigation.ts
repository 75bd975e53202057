import type { AppContext } from './context.ts'

/**
 * Whether a person goes to this address: links, redirects and forms say `navigate`, also those of another site
 * and in frames; an image or a script's fetch says something else (Fetch Metadata, 2.2). Old browsers and
 * programs say nothing.
 */
export function isNavigation(c: AppContext): boolean {
  return (c.req.header('sec-fetch-mode') ?? 'navigate') === 'navigate'
}

/** Whether a browser only fetches ahead what the person may never open: `prefetch`, `prefetch;prerender`. */
export function isPrefetch(c: AppContext): boolean {
  // Purpose: what Chromium and Safari said before.
  const purpose = c.req.header('sec-purpose') ?? c.req.header('purpose') ?? ''
  return purpose.trim().toLowerCase().startsWith('prefetch')
}
