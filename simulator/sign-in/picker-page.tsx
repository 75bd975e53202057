import type { User } from '../directory/index.ts'
import { Layout, SelectField } from '../pages/index.ts'

/** What can be made to fail on purpose, from the sign-in page. */
export const failures = [
  ['50105', 'AADSTS50105 not assigned'],
  ['53003', 'AADSTS53003 blocked by Conditional Access'],
  ['50076', 'AADSTS50076 multi-factor authentication required'],
  ['50079', 'AADSTS50079 multi-factor enrollment required'],
  ['90011', 'AADSTS90011 request property not supported'],
  ['16000', 'AADSTS16000 account of another tenant'],
  ['90072', 'AADSTS90072 account of another provider'],
  ['650056', 'AADSTS650056 misconfigured application'],
] as const

export type Choice = {
  readonly user: User
  readonly isSignedIn: boolean
}

/** Entra's sign-in page, with everybody to choose from instead of a password. */
export function PickerPage(props: {
  readonly action: string
  readonly flow: string
  readonly title: string
  readonly appName: string | null
  readonly choices: readonly Choice[]
  readonly hint: string | null
  /** Whether the flow can end in an error on purpose, and in one that the application gets. */
  readonly canFail: boolean
  readonly canType: boolean
}) {
  return (
    <Layout title={props.title}>
      <p class="soft">Contoso</p>
      <h1>{props.title}</h1>
      {props.appName !== null && <p class="soft">to continue to {props.appName}</p>}
      <form method="post" action={props.action}>
        <input type="hidden" name="flow" value={props.flow} />
        {props.choices.map(({ user, isSignedIn }) => (
          <button class="person" type="submit" name="user" value={user.id}>
            {user.displayName}
            {isSignedIn && <span class="badge">Signed in</span>}
            {!user.accountEnabled && <span class="badge">Disabled</span>}
            {user.userType === 'Guest' && <span class="badge">Guest</span>}
            <br />
            <span class="soft mono">{user.homeSignInName ?? user.userPrincipalName}</span>
          </button>
        ))}
      </form>
      {props.canType && (
        <form method="post" action={props.action}>
          <input type="hidden" name="flow" value={props.flow} />
          <label for="username">Use another account</label>
          <input
            id="username"
            name="username"
            type="text"
            autocomplete="off"
            placeholder="someone@contoso.com"
            value={props.hint ?? ''}
            required
          />
          <div class="row">
            <button type="submit">Next</button>
          </div>
        </form>
      )}
      {props.canFail && (
        <details style="margin-top:1.5rem">
          <summary>Fail on purpose</summary>
          <form method="post" action={props.action}>
            <input type="hidden" name="flow" value={props.flow} />
            <SelectField name="failure" label="Error" value={null} options={failures} />
            <div class="row">
              <button class="quiet" type="submit" name="show" value="response">
                Send it to the app
              </button>
              <button class="quiet" type="submit" name="show" value="page">
                Show the error page
              </button>
            </div>
          </form>
        </details>
      )}
    </Layout>
  )
}
