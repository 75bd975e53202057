import type { Context } from 'hono'
import {
  type Flow,
  findApp,
  findUser,
  findUserBySignInName,
  listAccounts,
  loadFlow,
  ownsDomain,
  startAccount,
  tenant,
  type User,
} from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { Refusal } from '../saml/index.ts'
import type { World } from '../world.ts'
import { ensureBrowser } from './browser.ts'
import { answerError, completeFlow } from './complete.tsx'
import { failures } from './picker-page.tsx'
import { refuse } from './refuse.tsx'

/** What the sign-in page sends: a person, a name that was typed, or an error on purpose. */
export async function chooseAccount(c: Context, world: World): Promise<Response> {
  const form = await c.req.parseBody()
  const text = (name: string) => {
    const value = form[name]
    return typeof value === 'string' ? value : ''
  }
  const flow = loadFlow(world.sql, text('flow'))
  if (flow === null) {
    const detail = 'The sign-in page is too old. Start again from the application.'
    return refuse(c, world, { refusal: { code: '75005', detail } })
  }
  if (text('failure') !== '') {
    return failOnPurpose(c, world, { flow, code: text('failure'), show: text('show') })
  }
  const found = findAccount(world, flow, { id: text('user'), name: text('username') })
  if (!found.ok) return refuse(c, world, { refusal: found.failure })
  return signInAs(c, world, { flow, user: found.value })
}

function signInAs(
  c: Context,
  world: World,
  { flow, user }: { readonly flow: Flow; readonly user: User },
): Response | Promise<Response> {
  if (!user.accountEnabled) {
    return refuse(c, world, { refusal: { code: '50057' }, user: user.userPrincipalName })
  }
  const browser = ensureBrowser(c)
  const nowMs = world.nowMs()
  const isFresh = flow.kind === 'authn-request' && flow.forceAuthn
  const before = listAccounts(world.sql, browser).find(({ userId }) => userId === user.id)
  const account =
    before === undefined || isFresh
      ? { userId: user.id, method: user.authentication, authenticatedAtMs: nowMs }
      : before
  if (flow.kind !== 'logout') startAccount(world.sql, browser, { ...account, usedAtMs: nowMs })
  return completeFlow(c, world, { flow, user, account, browser })
}

/** Who was chosen or typed; a name of a domain that is not the tenant's belongs to somebody else. */
function findAccount(
  world: World,
  flow: Flow,
  chosen: { readonly id: string; readonly name: string },
): Result<User, Refusal> {
  const user =
    chosen.id === '' ? findUserBySignInName(world.sql, chosen.name) : findUser(world.sql, chosen.id)
  if (user !== null) return ok(user)
  const account = chosen.id === '' ? chosen.name.trim() : chosen.id
  const domain = account.split('@')[1] ?? ''
  if (domain === '' || ownsDomain(domain)) {
    return err({ code: '50034', account, tenant: tenant.name })
  }
  const app = 'appId' in flow ? findApp(world.sql, flow.appId) : null
  return err({ code: '50020', account, app: app?.displayName ?? 'My Apps', tenant: tenant.name })
}

function failOnPurpose(
  c: Context,
  world: World,
  wish: { readonly flow: Flow; readonly code: string; readonly show: string },
): Response | Promise<Response> {
  const { flow } = wish
  const known = failures.find(([code]) => code === wish.code)
  const refusal = refusalOf(known?.[0] ?? '53003')
  const isForApp = flow.kind === 'authn-request' || flow.kind === 'unsolicited'
  return isForApp && wish.show === 'response'
    ? answerError(c, world, { flow, refusal })
    : refuse(c, world, { refusal })
}

function refusalOf(code: (typeof failures)[number][0]): Refusal {
  if (code === '50105') return { code, account: 'somebody', app: 'this application', appId: '' }
  if (code === '90011') return { code, property: 'NameIdentifierPolicy/SPNameQualifier' }
  return { code }
}
