import type { Context } from 'hono'
import {
  type Flow,
  findApp,
  recordParticipant,
  recordSignIn,
  type SessionAccount,
  tenant,
  type User,
} from '../directory/index.ts'
import { bytesToBase64, samlId, utf8, uuid } from '../keys/index.ts'
import {
  aadstsText,
  buildErrorResponse,
  issueAssertion,
  issuerOf,
  type Refusal,
} from '../saml/index.ts'
import type { World } from '../world.ts'
import { PostPage } from './post-page.tsx'
import { refuse } from './refuse.tsx'
import { signOutAccount } from './sign-out.tsx'

type AppFlow = Extract<Flow, { readonly kind: 'authn-request' | 'unsolicited' }>

/** Goes on with a flow once it is known who it is: an assertion for the application, My Apps, or signing out. */
export function completeFlow(
  c: Context,
  world: World,
  done: {
    readonly flow: Flow
    readonly user: User
    readonly account: SessionAccount
    readonly browser: string
  },
): Response | Promise<Response> {
  const { flow, user } = done
  if (flow.kind === 'my-apps') return c.redirect('/myapps', 303)
  if (flow.kind === 'logout') return signOutAccount(c, world, { ...done, userId: user.id })
  return answer(c, world, { ...done, flow })
}

async function answer(
  c: Context,
  world: World,
  done: {
    readonly flow: AppFlow
    readonly user: User
    readonly account: SessionAccount
    readonly browser: string
  },
): Promise<Response> {
  const { flow, user, account, browser } = done
  const { sql } = world
  const app = findApp(sql, flow.appId)
  if (app === null) return refuse(c, world, { refusal: unknownApp(flow.appId) })
  const isAsked = flow.kind === 'authn-request'
  if (!isAsked && app.requireSignedRequests) {
    return refuse(c, world, { refusal: { code: '76026' }, appId: app.appId })
  }
  const acsUrl = isAsked ? flow.acsUrl : app.replyUrls[0]
  if (acsUrl === undefined) {
    const refusal: Refusal = { code: '50011', replyUrl: '', identifier: app.appId }
    return refuse(c, world, { refusal, appId: app.appId })
  }
  const issued = await issueAssertion(
    sql,
    {
      app,
      user,
      method: account.method,
      authnInstantMs: account.authenticatedAtMs,
      acsUrl,
      audience: isAsked ? flow.audience : null,
      inResponseTo: isAsked ? flow.requestId : null,
      nameIdFormat: isAsked ? flow.nameIdFormat : null,
      requestedContexts: isAsked ? flow.requestedContexts : [],
      forceAuthn: isAsked && flow.forceAuthn,
    },
    world.nowMs(),
  )
  const name = user.userPrincipalName
  if (!issued.ok) {
    return refuse(c, world, { refusal: issued.failure, appId: app.appId, user: name })
  }
  const { nameId, sessionIndex, xml } = issued.value
  recordParticipant(
    sql,
    { browser, userId: user.id },
    { appId: app.appId, sessionIndex, nameId: nameId.value, nameIdFormat: nameId.format },
  )
  const detail = isAsked ? 'asked by the application' : 'started here'
  log(world, {
    what: 'sign-in',
    appId: app.appId,
    user: name,
    code: null,
    detail,
    correlationId: uuid(),
  })
  return c.html(
    <PostPage
      acsUrl={acsUrl}
      samlResponse={bytesToBase64(utf8(xml))}
      relayState={isAsked ? flow.relayState : app.relayState}
    />,
  )
}

/** Sends the application an answer that says no. */
export function answerError(
  c: Context,
  world: World,
  error: { readonly flow: AppFlow; readonly refusal: Refusal },
): Response | Promise<Response> {
  const { flow, refusal } = error
  const app = findApp(world.sql, flow.appId)
  const acsUrl = flow.kind === 'authn-request' ? flow.acsUrl : app?.replyUrls[0]
  if (app === null || acsUrl === undefined) return refuse(c, world, { refusal })
  const correlationId = uuid()
  const xml = buildErrorResponse({
    responseId: samlId(),
    issuer: issuerOf(app),
    inResponseTo: flow.kind === 'authn-request' ? flow.requestId : null,
    nowMs: world.nowMs(),
    refusal,
    traceId: uuid(),
    correlationId,
  })
  log(world, {
    what: 'refused',
    appId: app.appId,
    user: null,
    code: `AADSTS${refusal.code}`,
    detail: `sent to the application: ${aadstsText(refusal)}`,
    correlationId,
  })
  return c.html(
    <PostPage
      acsUrl={acsUrl}
      samlResponse={bytesToBase64(utf8(xml))}
      relayState={flow.kind === 'authn-request' ? flow.relayState : app.relayState}
    />,
  )
}

export function unknownApp(identifier: string): Refusal {
  return { code: '700016', identifier, tenant: tenant.name }
}

function log(world: World, record: Parameters<typeof recordSignIn>[1]): void {
  recordSignIn(world.sql, record, world.nowMs())
}
