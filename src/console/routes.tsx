import { Hono } from 'hono/tiny'
import { callOperation } from '../admin/index.ts'
import { type AppContext, type AppEnv, type Deps, isFromOurPage } from '../http/index.ts'
import { limits, ok, type Result } from '../kernel/index.ts'
import { createAccessCheck, type SessionDoor } from '../session/index.ts'
import { type Entrance, isOwnForm, recognize } from './entrance/recognize.ts'
import { entranceRoutes } from './entrance/routes.tsx'
import { errorRoutes } from './events/error-routes.tsx'
import { noForm, readForm } from './form.ts'
import { pages } from './pages.ts'
import type {
  CallAnswer,
  ConsoleRequest,
  ConsoleRoute,
  FormFields,
  OrganizationAnswer,
  Visitor,
} from './route.ts'
import { showProblem } from './show.tsx'
import { mayOpen } from './tabs.ts'

/** The console, to be mounted at `/console`. */
export function consoleRoutes(deps: Deps, door: SessionDoor) {
  const entrance: Entrance = { door, checkAccess: createAccessCheck(deps) }
  const routes = new Hono<AppEnv>().route('/', entranceRoutes(entrance)).route('/', errorRoutes())
  for (const page of pages) {
    routes.on(page.method, page.path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) =>
      answer(c, page, entrance),
    )
  }
  // Strangers learn nothing about which pages there are.
  return routes.all('*', (c) => answer(c, nowhere, entrance))
}

const nowhere: ConsoleRoute = {
  method: 'get',
  path: '/*',
  part: 'any',
  handle: async ({ c, visitor }) => showNotFound(c, visitor),
}

function showNotFound(c: AppContext, visitor: Visitor) {
  return showProblem({ c, visitor, org: null }, c.get('explain')({ code: 'http.not_found' }))
}

async function answer(c: AppContext, page: ConsoleRoute, entrance: Entrance): Promise<Response> {
  const found = await recognize(c, entrance)
  if (!found.ok) return c.get('fail')(found.failure, { audience: 'browser' })
  if (found.value.kind !== 'visitor') return toLogin(c)
  const { visitor } = found.value
  const { principal } = visitor
  const isOfOrganization = page.path.startsWith('/o/{org}')
  if (!isOfOrganization && principal.kind !== 'operator') {
    if (page.path !== '/') return showNotFound(c, visitor)
    const start = principal.kind === 'setup-link' ? '/setup' : ''
    return c.redirect(`/console/o/${principal.organizationId}${start}`, 303)
  }
  if (!mayOpen(principal, page.part)) return showNotFound(c, visitor)
  const org = isOfOrganization ? await organizationOf(c, visitor) : ok(noOrganization)
  if (!org.ok) return showProblem({ c, visitor, org: null }, org.failure)
  if (
    page.confirms === true &&
    c.get('nowMs') - visitor.confirmedAtMs > limits.consoleConfirmedMs
  ) {
    return c.redirect(`/console/confirm?next=${encodeURIComponent(comeBackTo(c))}`, 303)
  }
  const form = await formOf(c, visitor)
  if (!form.ok) return showProblem({ c, visitor, org: org.value }, c.get('explain')(form.failure))
  return page.handle(requestOf(c, { visitor, org: org.value, form: form.value }))
}

/** To the door, and back here from there; a part of a page has the whole page go. */
function toLogin(c: AppContext): Response {
  const login = `/console/login?next=${encodeURIComponent(comeBackTo(c))}`
  if (c.req.header('hx-request') === undefined) return c.redirect(login, 303)
  c.header('HX-Redirect', login)
  return c.body(null, 200)
}

/** The page itself, or the one whose form was sent. */
function comeBackTo(c: AppContext): string {
  const { pathname, search } = new URL(c.req.url)
  if (c.req.method === 'GET') return `${pathname}${search}`
  return URL.parse(c.req.header('referer') ?? '')?.pathname ?? '/console'
}

type Failed = { readonly code: string }

async function formOf(c: AppContext, visitor: Visitor): Promise<Result<FormFields, Failed>> {
  if (c.req.method === 'GET') return ok(noForm)
  const stale = { ok: false, failure: { code: 'console.form_stale' } } as const
  if (!isFromOurPage(c)) return stale
  const form = await readForm(c)
  if (!form.ok) return form
  return isOwnForm(visitor, form.value.text('csrf')) ? form : stale
}

/** Never shown: pages that are of no organization do not look at it. */
const noOrganization: OrganizationAnswer | null = null

/** The organization of the address, if it is the visitor's to see; their own, for whoever is no operator. */
async function organizationOf(c: AppContext, { principal }: Visitor) {
  const named = c.req.param('org') ?? ''
  const org = principal.kind === 'operator' ? named : principal.organizationId
  const asked = { id: 'getOrganization', params: { org }, query: {}, body: {} }
  const found = await callOperation(c, principal, asked)
  const missing = c.get('explain')({ code: 'admin.organization_not_found' })
  if (!found.ok) return { ok: false, failure: c.get('explain')(found.failure) } as const
  const value = found.value as OrganizationAnswer
  return value.id === named || value.slug === named
    ? ok<OrganizationAnswer | null>(value)
    : ({ ok: false, failure: missing } as const)
}

function requestOf(
  c: AppContext,
  given: {
    readonly visitor: Visitor
    readonly org: OrganizationAnswer | null
    readonly form: FormFields
  },
): ConsoleRequest {
  const { visitor, org, form } = given
  return {
    ...{ c, visitor, form, nowMs: c.get('nowMs') },
    // Pages of no organization do not look at it; the type would make all others ask.
    org: org as OrganizationAnswer,
    param: (name) => c.req.param(name) ?? '',
    query: (name) => c.req.query(name) ?? '',
    async call<A>(id: string, input: Parameters<ConsoleRequest['call']>[1] = {}) {
      const { params = {}, query = {}, body = {} } = input
      const result = await callOperation(c, visitor.principal, {
        id,
        // What a page says of another organization does not count.
        params: org === null ? params : { ...params, org: org.id },
        query,
        body,
        idempotencyKey: onceOf(form, id),
      })
      if (!result.ok) return { ok: false, problem: c.get('explain')(result.failure) }
      if (wasShownBefore(result.value)) {
        return { ok: false, problem: c.get('explain')({ code: 'console.sent_twice' }) }
      }
      return { ok: true, value: result.value as A } satisfies CallAnswer<A>
    },
  }
}

/** The key by which a create of a form is known when the form is sent again, such as by reloading its answer. */
function onceOf(form: FormFields, operationId: string): string | undefined {
  const once = form.text('once')
  return /^[\w-]{20,64}$/.test(once) ? `${once}.${operationId}` : undefined
}

/** Whether a secret was made by an earlier sending of the same form, and so is known to nobody here. */
function wasShownBefore(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'secretShown' in value &&
    value.secretShown === 'earlier'
  )
}
