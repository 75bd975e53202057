import { raw } from 'hono/html'
import { Layout } from '../pages/index.ts'

/** A form that sends itself to the application, with a button for browsers without scripts. */
export function PostPage(props: {
  readonly acsUrl: string
  readonly samlResponse: string
  readonly relayState: string | null
}) {
  return (
    <Layout title="Working">
      <h1>Signing you in</h1>
      <form id="saml" method="post" action={props.acsUrl}>
        <input type="hidden" name="SAMLResponse" value={props.samlResponse} />
        {props.relayState !== null && (
          <input type="hidden" name="RelayState" value={props.relayState} />
        )}
        <p class="soft">If nothing happens, select Continue.</p>
        <button type="submit">Continue</button>
      </form>
      <script>{raw("document.getElementById('saml').submit()")}</script>
    </Layout>
  )
}
