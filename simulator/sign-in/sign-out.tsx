import type { Context } from 'hono'
import { raw } from 'hono/html'
import {
  type App,
  activeCertificate,
  endAccount,
  findApp,
  listAccounts,
  listParticipants,
  loadSettings,
  type Participant,
  recordSignIn,
} from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import { Layout } from '../pages/index.ts'
import {
  buildLogoutRequest,
  buildLogoutResponse,
  type CheckedLogout,
  issuerOf,
  pairwiseId,
  redirectUrl,
} from '../saml/index.ts'
import type { World } from '../world.ts'
import type { Signer } from '../xml/index.ts'
import { browserOf } from './browser.ts'
import { refuse } from './refuse.tsx'

/**
 * Ends the only session of the browser because an application asked for it, tells the others, and answers
 * the application.
 */
export async function signOutFor(
  c: Context,
  world: World,
  wish: { readonly logout: CheckedLogout; readonly relayState: string | null },
): Promise<Response> {
  const { app, id, nameId } = wish.logout
  const { sql } = world
  const browser = browserOf(c)
  const [account] = listAccounts(sql, browser)
  const participants = account === undefined ? [] : listParticipants(sql, browser, account.userId)
  const own = participants.find(({ appId }) => appId === app.appId)
  if (account !== undefined && own === undefined) {
    return refuse(c, world, { refusal: { code: '50068' }, appId: app.appId })
  }
  const settings = loadSettings(sql)
  if (own !== undefined && settings.checksLogoutNameId && own.nameId !== nameId) {
    return refuse(c, world, { refusal: { code: '50070' }, appId: app.appId })
  }
  const others = participants.filter(({ appId }) => appId !== app.appId)
  const userId = account?.userId ?? ''
  const frames = await broadcastUrls(world, userId, others)
  endAccount(sql, browser, userId)
  log(world, app.appId, `other applications told: ${frames.length}`)
  const next = await responseUrl(world, app, { inResponseTo: id, relayState: wish.relayState })
  return next !== null && frames.length === 0
    ? c.redirect(next, 302)
    : c.html(<SignedOutPage frames={frames} next={next} />)
}

/**
 * Signs one of several people out. Everybody they used is told, also the application that asked, and that
 * one gets no answer: so it was seen with Entra.
 */
export async function signOutAccount(
  c: Context,
  world: World,
  { userId, browser }: { readonly userId: string; readonly browser: string },
): Promise<Response> {
  const participants = listParticipants(world.sql, browser, userId)
  const frames = await broadcastUrls(world, userId, participants)
  endAccount(world.sql, browser, userId)
  log(world, null, `applications told: ${frames.length}`)
  return c.html(<SignedOutPage frames={frames} next={null} />)
}

/** Signs everybody in this browser out, and tells every application. */
export async function signOutEverywhere(c: Context, world: World): Promise<Response> {
  const browser = browserOf(c)
  const frames: string[] = []
  for (const { userId } of listAccounts(world.sql, browser)) {
    const participants = listParticipants(world.sql, browser, userId)
    frames.push(...(await broadcastUrls(world, userId, participants)))
    endAccount(world.sql, browser, userId)
  }
  log(world, null, `applications told: ${frames.length}`)
  return c.html(<SignedOutPage frames={frames} next={null} />)
}

/** The logout requests for applications that have a logout URL, as URLs to get. */
export async function broadcastUrls(
  world: World,
  userId: string,
  participants: readonly Participant[],
): Promise<readonly string[]> {
  const urls: string[] = []
  for (const participant of participants) {
    const app = findApp(world.sql, participant.appId)
    if (app === null || app.logoutUrl === null) continue
    const named =
      app.logoutNameId === 'same'
        ? participant
        : {
            ...participant,
            nameId: await pairwiseId(app.appId, userId),
            nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
          }
    const xml = buildLogoutRequest({
      issuer: issuerOf(app),
      destination: app.logoutUrl,
      participant: named,
      nowMs: world.nowMs(),
    })
    const message = { parameter: 'SAMLRequest', xml, relayState: null } as const
    urls.push(await redirectUrl(app.logoutUrl, message, logoutSigner(world, app)))
  }
  return urls
}

async function responseUrl(
  world: World,
  app: App,
  to: { readonly inResponseTo: string; readonly relayState: string | null },
): Promise<string | null> {
  if (app.logoutUrl === null) return null
  const xml = buildLogoutResponse({
    issuer: loadSettings(world.sql).logoutResponseIssuer,
    baseUrl: world.baseUrl,
    destination: app.logoutUrl,
    inResponseTo: to.inResponseTo,
    nowMs: world.nowMs(),
  })
  const message = { parameter: 'SAMLResponse', xml, relayState: to.relayState } as const
  return redirectUrl(app.logoutUrl, message, logoutSigner(world, app))
}

function logoutSigner(world: World, app: App): Signer | null {
  if (!app.signsLogoutMessages) return null
  const certificate = activeCertificate(world.sql, app.appId, world.nowMs())
  return certificate === null ? null : { algorithm: app.signingAlgorithm, ...certificate }
}

/** Goes on when every application has answered, or after five seconds; without scripts, after five seconds. */
const waitForFrames = `
const frames = [...document.querySelectorAll('iframe')]
const next = document.getElementById('next')?.href
const loaded = frames.map((frame) => new Promise((done) => { frame.onload = done; frame.onerror = done }))
Promise.all(loaded).then(() => {
  document.body.dataset.broadcast = 'done'
  if (next !== undefined) location.replace(next)
})`

function SignedOutPage(props: {
  readonly frames: readonly string[]
  readonly next: string | null
}) {
  const { frames, next } = props
  return (
    <Layout
      title="Sign out"
      head={next !== null && <meta http-equiv="refresh" content={`5;url=${next}`} />}
    >
      <h1>You signed out of your account</h1>
      <p class="soft">It’s a good idea to close all browser windows.</p>
      {next !== null && (
        <p>
          <a id="next" class="button" href={next}>
            Continue
          </a>
        </p>
      )}
      {frames.map((url) => (
        <iframe class="broadcast" title="Signing out of an application" src={url} />
      ))}
      {frames.length > 0 && <script>{raw(waitForFrames)}</script>}
    </Layout>
  )
}

function log(world: World, appId: string | null, detail: string): void {
  const record = { what: 'sign-out', appId, user: null, code: null, detail } as const
  recordSignIn(world.sql, { ...record, correlationId: uuid() }, world.nowMs())
}
