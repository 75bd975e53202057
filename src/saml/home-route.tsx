import { type Database, openDatabase } from '../db/index.ts'
import {
  type AttributeDefinition,
  builtInAttributes,
  customAttributesQuery,
  type Provenance,
} from '../directory/index.ts'
import { type AppContext, mayKnock, readSmallForm } from '../http/index.ts'
import { type ActiveSession, currentSession, type SessionDoor } from '../session/index.ts'
import { discover } from './discovery-store.ts'
import { leadOn } from './lead-on.tsx'
import { ProfilePage, SignInPage } from './pages.tsx'
import { spUrls } from './sp-urls.ts'

/** `GET /`: the profile of whoever is signed in, and where each value came from; otherwise the sign-in form. */
export async function showHome(c: AppContext, door: SessionDoor): Promise<Response> {
  if (!(await mayKnock(c, 'home', ''))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  const db = openDatabase(c.get('deps').d1, 'primary')
  const found = await currentSession(c, db, door)
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  if (found.value !== null) {
    const custom = await customAttributes(db, found.value.person)
    return showProfile(c, found.value, [...builtInAttributes, ...custom])
  }
  return c.html(<SignInPage nonce={c.get('nonce')} email="" problem={null} />)
}

type Shown = Pick<AttributeDefinition, 'key' | 'label'>

/** The organization's own attributes, read only where the profile has some. */
async function customAttributes(
  db: Database,
  { organizationId, profile }: ActiveSession['person'],
): Promise<readonly Shown[]> {
  const builtIn = new Set(builtInAttributes.map(({ key }) => key))
  return Object.keys(profile).every((key) => builtIn.has(key))
    ? []
    : customAttributesQuery(db, organizationId)
}

function showProfile(
  c: AppContext,
  active: ActiveSession,
  attributes: readonly Shown[],
): Response | Promise<Response> {
  const { person, organization, session, access } = active
  const provenance = person.provenance as Readonly<Record<string, Provenance>>
  const rows = attributes.flatMap(({ key, label }) => {
    const value = person.profile[key]
    return value === undefined ? [] : [{ label, value: textOf(value), provenance: provenance[key] }]
  })
  return c.html(
    <ProfilePage
      nonce={c.get('nonce')}
      name={String(person.profile['displayName'] ?? person.userName)}
      organization={organization.name}
      rows={rows}
      roles={access.roles}
      groups={access.groups}
      groupsFrom={access.groupsFrom}
      expiresAtMs={session.expiresAt}
    />,
  )
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** `POST /`: from an email address to the sign-in of the organization that proved its domain. */
export async function leadToSignIn(c: AppContext): Promise<Response> {
  if (!(await mayKnock(c, 'home', ''))) {
    return c.get('fail')({ code: 'http.too_many_requests' }, { audience: 'browser' })
  }
  const { deps } = c.var
  const email = (await readSmallForm(c.req.raw)).get('email') ?? ''
  const found = await discover(openDatabase(deps.d1, 'primary'), email.trim())
  const problem =
    found === null
      ? 'We do not know an organization for this email address. Check the spelling, or ask your IT admin.'
      : found.connectionId === null
        ? `Single sign-on for ${found.organization.name} is not switched on yet. Your IT admin can tell you when.`
        : null
  if (found?.connectionId === null || found === null || problem !== null) {
    c.status(found === null ? 404 : 409)
    return c.html(
      <SignInPage nonce={c.get('nonce')} email={email.slice(0, 320)} problem={problem} />,
    )
  }
  const url = new URL(spUrls(deps.config.publicUrl, found.connectionId).loginUrl)
  url.searchParams.set('login_hint', email.trim())
  return leadOn(c, { url: url.href, heading: `Taking you to ${found.organization.name}` })
}
