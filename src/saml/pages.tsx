import { raw } from 'hono/html'
import type { Provenance } from '../directory/index.ts'
import { Layout } from '../http/index.ts'
import { toIso } from '../kernel/index.ts'

/** Asks for an email address, which leads to the organization's own sign-in. */
export function SignInPage(props: {
  readonly nonce: string
  readonly email: string
  readonly problem: string | null
}) {
  return (
    <Layout title="Sign in" nonce={props.nonce}>
      <h1>Sign in</h1>
      <p class="soft">Enter your work email, and your organization’s sign-in takes over.</p>
      <form method="post" action="/">
        <label for="email">Work email</label>
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          required
          value={props.email}
          aria-describedby={props.problem === null ? undefined : 'problem'}
        />
        {props.problem !== null && (
          <p id="problem" class="problem" role="alert">
            {props.problem}
          </p>
        )}
        <button type="submit">Continue</button>
      </form>
    </Layout>
  )
}

/** Goes on to another address by itself, and by a button where the browser does not. */
export function ContinuePage(props: {
  readonly nonce: string
  readonly url: string
  readonly heading: string
}) {
  return (
    <Layout
      title="Continue"
      nonce={props.nonce}
      head={<meta http-equiv="refresh" content={`0;url=${props.url}`} />}
    >
      <h1>{props.heading}</h1>
      <p class="soft">If nothing happens in a moment, use the button.</p>
      <p>
        <a class="button" href={props.url}>
          Continue
        </a>
      </p>
    </Layout>
  )
}

/** Carries a message to the identity provider by the POST binding; without JavaScript, by the button. */
export function PostPage(props: {
  readonly nonce: string
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}) {
  return (
    <Layout title="Continue" nonce={props.nonce}>
      <h1>Taking you to your sign-in</h1>
      <form method="post" action={props.action}>
        {Object.entries(props.fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit">Continue</button>
      </form>
      <script nonce={props.nonce}>{raw('document.forms[0].submit()')}</script>
    </Layout>
  )
}

export type ProfileRow = {
  readonly label: string
  readonly value: string
  readonly provenance: Provenance | undefined
}

/** Who is signed in, and where each value came from. */
export function ProfilePage(props: {
  readonly nonce: string
  readonly name: string
  readonly organization: string
  readonly rows: readonly ProfileRow[]
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  readonly groupsFrom: 'scim' | 'saml'
  readonly expiresAtMs: number
}) {
  return (
    <Layout title="You are signed in" nonce={props.nonce} wide>
      <h1>{props.name}</h1>
      <p class="soft">
        Signed in to {props.organization} until{' '}
        {toIso(props.expiresAtMs).slice(0, 16).replace('T', ' ')} UTC.
      </p>
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col">Value</th>
            <th scope="col">Came from</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr>
              <th scope="row">{row.label}</th>
              <td>{row.value}</td>
              <td class="soft">
                {row.provenance !== undefined && (
                  <>
                    {cameFrom(row.provenance)},{' '}
                    <span class="whole">since {toIso(row.provenance.at).slice(0, 10)}</span>
                  </>
                )}
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">Roles</th>
            <td>{props.roles.join(', ')}</td>
            <td class="soft">
              Default of {props.organization}
              {props.roles.length > 1 && ', and its rules for groups'}
            </td>
          </tr>
          {props.groups.length > 0 && (
            <tr>
              <th scope="row">Groups</th>
              <td>{props.groups.length}</td>
              <td class="soft">{sourceLabels[props.groupsFrom]}</td>
            </tr>
          )}
        </tbody>
      </table>
      <form method="post" action="/logout">
        <button type="submit" class="quiet">
          Sign out
        </button>
      </form>
    </Layout>
  )
}

const sourceLabels = {
  saml: 'Sign-in',
  scim: 'Provisioning',
  graph: 'Directory sync',
  manual: 'Operator',
} as const

/** A source and what it said there: a claim by the last part of its URI, which is what an admin calls it. */
function cameFrom({ source, rule }: Provenance): string {
  const label = sourceLabels[source]
  if (source !== 'saml') return label
  if (rule.startsWith('#NameID')) return `${label}, Name ID`
  if (rule.includes('(')) return `${label}, put together from other values`
  const name = rule.startsWith('http') ? rule.slice(rule.lastIndexOf('/') + 1) : rule
  return `${label}, claim “${name}”`
}

/** A short message with a way on. */
export function MessagePage(props: {
  readonly nonce: string
  readonly title: string
  readonly sentence: string
  readonly link?: { readonly href: string; readonly text: string }
}) {
  return (
    <Layout title={props.title} nonce={props.nonce}>
      <h1>{props.title}</h1>
      <p>{props.sentence}</p>
      {props.link !== undefined && (
        <p>
          <a class="button" href={props.link.href}>
            {props.link.text}
          </a>
        </p>
      )}
    </Layout>
  )
}

/** Asks before an unsolicited sign-in replaces somebody else's session in this browser. */
export function ReplaceSessionPage(props: {
  readonly nonce: string
  readonly action: string
  readonly current: string
  readonly next: string
}) {
  return (
    <Layout title="Switch account?" nonce={props.nonce}>
      <h1>Switch account?</h1>
      <p>
        You are signed in as <strong>{props.current}</strong>. A link or tile from your sign-in
        service wants to sign you in as <strong>{props.next}</strong> instead.
      </p>
      <form method="post" action={props.action}>
        <div class="row">
          <button type="submit" name="choice" value="switch">
            Switch to {props.next}
          </button>
          <button type="submit" name="choice" value="keep" class="quiet">
            Stay as {props.current}
          </button>
        </div>
      </form>
    </Layout>
  )
}
