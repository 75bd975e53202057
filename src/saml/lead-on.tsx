import type { AppContext } from '../http/index.ts'
import { ContinuePage } from './pages.tsx'

/**
 * Answers a form of ours whose sender goes somewhere else next. Chromium holds the form's policy against
 * every redirect that follows, and nobody knows over which hosts an identity provider leads: so the form
 * ends here, with a page that goes on by itself, without scripts too.
 * @param to.url absolute, checked
 */
export function leadOn(
  c: AppContext,
  to: { readonly url: string; readonly heading: string },
): Response | Promise<Response> {
  // Our own page leads nowhere by itself.
  if (to.url === `${c.get('deps').config.publicUrl}/`) return c.redirect(to.url, 303)
  return c.html(<ContinuePage nonce={c.get('nonce')} {...to} />)
}
