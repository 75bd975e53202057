import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type AppContext, type Problem, parseCookies } from '../http/index.ts'
import { done } from './done.ts'
import type { ConsoleRequest, OrganizationAnswer, Visitor } from './route.ts'
import { Shell } from './shell.tsx'
import { tabsFor } from './tabs.ts'
import { ProblemBox } from './ui/index.ts'

/** Which cookie holds the chosen colours. */
export const themeCookie = 'portico_theme'

type Place = {
  readonly c: AppContext
  readonly visitor: Visitor | null
  readonly org: OrganizationAnswer | null
}

/** Answers with a whole page in the frame. */
export function show(
  { c, visitor, org }: Place,
  page: {
    readonly title: string
    readonly tab?: string
    readonly status?: number
    readonly children?: Child
  },
): Response | Promise<Response> {
  c.header(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "connect-src 'self'",
      "img-src 'self' data:",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
  )
  c.status((page.status ?? 200) as 200)
  const { pathname, search } = new URL(c.req.url)
  return c.html(
    <>
      {raw('<!doctype html>')}
      <Shell
        title={page.title}
        tab={page.tab ?? ''}
        tabs={visitor === null ? [] : tabsFor(visitor.principal)}
        theme={themeOf(c)}
        visitor={visitor}
        org={org}
        done={doneOf(c.req.query('done') ?? '')}
        here={c.req.method === 'GET' ? `${pathname}${search}` : '/console'}
      >
        {page.children}
      </Shell>
    </>,
  )
}

/** Answers with a part of a page, which replaces the one that asked. */
export function fragment({ c }: Pick<Place, 'c'>, part: Child): Response | Promise<Response> {
  // `html` takes an element; a part is whatever a page is made of.
  return c.html(part as Parameters<typeof c.html>[0])
}

/** Leads on after a form did its work. `key` names a sentence of done.ts. */
export function go({ c }: Pick<Place, 'c'>, path: string, key?: string): Response {
  const mark = path.includes('?') ? '&' : '?'
  return c.redirect(key === undefined ? path : `${path}${mark}done=${key}`, 303)
}

/** A page about what could not be done. */
export function showProblem(place: Place, problem: Problem): Response | Promise<Response> {
  return show(place, {
    title: problem.status === 404 ? 'Not found' : 'That did not work',
    status: problem.status,
    children: <ProblemBox problem={problem} />,
  })
}

/** The address of a page of the request's organization. */
export function url({ org }: Pick<ConsoleRequest, 'org'>, path: string): string {
  return `/console/o/${org.slug}${path}`
}

function doneOf(key: string): string | null {
  return Object.hasOwn(done, key) ? (done[key] ?? null) : null
}

function themeOf(c: AppContext): string {
  const theme = parseCookies(c.req.header('cookie')).get(themeCookie) ?? ''
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}
