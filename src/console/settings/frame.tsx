import type { Child } from 'hono/jsx'
import type { ConsoleRequest } from '../route.ts'
import { show, url } from '../show.tsx'

type SubPage = {
  readonly key: string
  /** Short, so that all stand in a line. */
  readonly label: string
  readonly path: string
  /** The heading, where the label is too short for one. */
  readonly title?: string
  /** For operators alone. */
  readonly operators?: true
}

const subPages: readonly SubPage[] = [
  { key: 'organization', label: 'Organization', path: '/settings' },
  { key: 'connections', label: 'Connections', path: '/settings/connections' },
  { key: 'certificates', label: 'Certificates', path: '/settings/certificates' },
  { key: 'scim', label: 'SCIM', path: '/settings/scim', title: 'SCIM credentials' },
  { key: 'graph', label: 'Graph', path: '/settings/graph', title: 'Microsoft Graph' },
  { key: 'admins', label: 'Roles', path: '/settings/admins', title: 'Roles and admins' },
  { key: 'sessions', label: 'Sessions', path: '/settings/sessions' },
  { key: 'erased', label: 'Erased people', path: '/settings/erased' },
  { key: 'links', label: 'Setup links', path: '/settings/links', operators: true },
  {
    key: 'recovery',
    label: 'Recovery',
    path: '/settings/recovery',
    title: 'Recovery links',
    operators: true,
  },
]

/** Answers with a page of the settings, with the way to the others above it. */
export function showSettings(
  request: ConsoleRequest,
  page: {
    readonly page: string
    /** What it is about when that is not the sub-page itself. */
    readonly title?: string
    readonly status?: number
    readonly children?: Child
  },
): Response | Promise<Response> {
  const { kind } = request.visitor.principal
  const shown = subPages.filter(({ operators }) => operators === undefined || kind === 'operator')
  const own = shown.find(({ key }) => key === page.page)
  return show(request, {
    title: page.title ?? own?.title ?? own?.label ?? 'Settings',
    tab: 'settings',
    status: page.status ?? 200,
    children: (
      <>
        {kind !== 'setup-link' && (
          <SubNav
            label="Settings"
            here={page.page}
            items={shown.map(({ key, label, path }) => [key, label, url(request, path)])}
          />
        )}
        {page.children}
      </>
    ),
  })
}

/** Ways between pages of one kind. */
export function SubNav(props: {
  readonly label: string
  /** The key of the page that is shown. */
  readonly here: string
  readonly items: readonly (readonly [key: string, label: string, url: string])[]
}) {
  return (
    <nav class="subnav" aria-label={props.label}>
      <ul>
        {props.items.map(([key, label, address]) => (
          <li>
            <a href={address} {...(key === props.here ? { 'aria-current': 'page' as const } : {})}>
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
