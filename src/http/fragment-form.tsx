import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'

/**
 * Moves the secret of a link out of the fragment, which browsers send to nobody, into the form, and out of the address.
 * Neither a log nor a mail scanner that only follows links sees it or uses it up.
 */
const script = `
const [form] = document.forms
const waiting = form.nextElementSibling
const token = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
if (/^[A-Za-z0-9_-]{43}$/.test(token)) {
  form.elements.token.value = token
  form.hidden = false
  waiting.hidden = true
} else {
  waiting.textContent = 'This link is incomplete. Copy the whole link into the address bar, or ask for a new one.'
}
`

/** The form of a page that a link with a secret leads to: the page's only one. `children` say what it does. */
export function FragmentForm(props: {
  readonly nonce: string
  readonly action: string
  /** What the button says. */
  readonly button: string
  readonly children?: Child
}) {
  return (
    <>
      <form method="post" action={props.action} hidden>
        {props.children}
        <input type="hidden" name="token" />
        <button type="submit">{props.button}</button>
      </form>
      <p role="status" class="soft">
        Reading the link…
      </p>
      <noscript>
        <p class="problem">
          This page needs JavaScript: the secret of the link is kept where only the page can read
          it.
        </p>
      </noscript>
      <script nonce={props.nonce}>{raw(script)}</script>
    </>
  )
}
