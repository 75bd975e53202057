import type { Context } from 'hono'
import {
  type Flow,
  findApp,
  findUser,
  findUserBySignInName,
  listAccounts,
  listUsers,
  type SessionAccount,
  saveFlow,
  tenant,
} from '../directory/index.ts'
import type { World } from '../world.ts'
import { browserOf } from './browser.ts'
import { completeFlow } from './complete.tsx'
import { type Choice, PickerPage } from './picker-page.tsx'

const shownUsers = 200

/**
 * Starts a flow: with the one person who is signed in, or the one whom the hint names if they are;
 * otherwise on the sign-in page.
 * @param interaction `always` shows the page in any case
 */
export function startFlow(
  c: Context,
  world: World,
  start: {
    readonly flow: Flow
    readonly loginHint: string | null
    readonly interaction: 'when-needed' | 'always'
  },
): Response | Promise<Response> {
  const { flow, loginHint } = start
  const browser = browserOf(c)
  const accounts = listAccounts(world.sql, browser)
  const hinted = loginHint === null ? null : findUserBySignInName(world.sql, loginHint)
  const account = start.interaction === 'always' ? null : only(accounts, hinted?.id ?? null)
  const user = account === null ? null : findUser(world.sql, account.userId)
  if (account !== null && user !== null) {
    return completeFlow(c, world, { flow, user, account, browser })
  }
  const isLogout = flow.kind === 'logout'
  const signedIn = accounts
    .map(({ userId }) => findUser(world.sql, userId))
    .flatMap((found): Choice[] => (found === null ? [] : [{ user: found, isSignedIn: true }]))
  const others = listUsers(world.sql, { limit: shownUsers })
    .filter(({ id }) => !signedIn.some((choice) => choice.user.id === id))
    .map((other): Choice => ({ user: other, isSignedIn: false }))
  const choices = isLogout ? signedIn : [...signedIn, ...others]
  const app = 'appId' in flow ? findApp(world.sql, flow.appId) : null
  return c.html(
    <PickerPage
      action={`/${tenant.id}/login`}
      flow={saveFlow(world.sql, flow, world.nowMs())}
      title={isLogout ? 'Which account do you want to sign out of?' : 'Pick an account'}
      appName={app?.displayName ?? null}
      choices={choices.toSorted(
        (a, b) => Number(b.user.id === hinted?.id) - Number(a.user.id === hinted?.id),
      )}
      hint={loginHint}
      canFail={flow.kind === 'authn-request' || flow.kind === 'unsolicited'}
      canType={!isLogout}
    />,
  )
}

/** The account to go on with without asking: the hinted one, or else the only one. */
function only(accounts: readonly SessionAccount[], hintedId: string | null): SessionAccount | null {
  if (hintedId !== null) return accounts.find(({ userId }) => userId === hintedId) ?? null
  return accounts.length === 1 ? (accounts[0] ?? null) : null
}
