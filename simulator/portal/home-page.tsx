import { tenant } from '../directory/index.ts'
import { Layout } from '../pages/index.ts'
import { idpUrls, issuerOf } from '../saml/index.ts'

/** What this is, and where everything is. */
export function HomePage({ baseUrl }: { readonly baseUrl: string }) {
  const urls = idpUrls(baseUrl)
  return (
    <Layout title="Home" path="/">
      <h1>A stand-in Microsoft Entra tenant</h1>
      <p>
        This behaves as Microsoft Entra ID does towards a SAML application, as far as its documents
        and observers tell, so that single sign-on can be built and tested without a tenant. Nobody
        needs a password: on the sign-in page you choose who you are.
      </p>
      <ul class="tiles">
        <li>
          <a href="/users">Users</a>
        </li>
        <li>
          <a href="/groups">Groups</a>
        </li>
        <li>
          <a href="/apps">Enterprise apps</a>
        </li>
        <li>
          <a href="/myapps">My Apps</a>
        </li>
        <li>
          <a href="/sign-ins">Sign-in log</a>
        </li>
        <li>
          <a href="/graph">Microsoft Graph</a>
        </li>
      </ul>
      <section>
        <h2>{tenant.name}</h2>
        <dl>
          <dt>Tenant ID</dt>
          <dd class="mono">{tenant.id}</dd>
          <dt>Domains</dt>
          <dd>{tenant.domains.join(', ')}</dd>
          <dt>Issuer</dt>
          <dd class="mono">{issuerOf(null)}</dd>
          <dt>Sign-in and sign-out</dt>
          <dd class="mono">{urls.saml2}</dd>
          <dt>Federation metadata</dt>
          <dd class="mono">
            <a href={urls.metadata(null)}>{urls.metadata(null)}</a>
            <br />
            <span class="soft">with ?appid= for the keys that an application’s tokens have</span>
          </dd>
        </dl>
      </section>
      <section>
        <h2>Worth trying</h2>
        <ul>
          <li>Brian Johnson is a guest with the president’s mail address.</li>
          <li>Pradeep Gupta has no mail address. Delia Dennis is disabled.</li>
          <li>Irvin Sayers is in more groups than a token takes.</li>
          <li>Raul Razo is not in All Contoso: assign that group, and he is not assigned.</li>
          <li>
            Allan Deyoung signs in with multi-factor authentication, Henrietta Mueller with a
            passkey, Isaiah Langer with a certificate.
          </li>
        </ul>
      </section>
      <p class="soft">
        Tests use the JSON API under <code>/api</code>; <code>simulator/README.md</code> describes
        it.
      </p>
    </Layout>
  )
}
