import type { Child } from 'hono/jsx'
import type { ConsoleRequest } from '../route.ts'
import { show, url } from '../show.tsx'

type SubPage = {
  readonly key: string
  readonly label: string
  readonly path: string
  /** For operators alone. */
  readonly operators?: true
}

const subPages: readonly SubPage[] = [
  { key: 'organization', label: 'Organization', path: '/settings' },
  { key: 'connections', label: 'Connections', path: '/settings/connections' },
  { key: 'certificates', label: 'Certificates', path: '/settings/certificates' },
  { key: 'scim', label: 'SCIM credentials', path: '/settings/scim' },
  { key: 'graph', label: 'Microsoft Graph', path: '/settings/graph' },
  { key: 'admins', label: 'Roles and admins', path: '/settings/admins' },
  { key: 'sessions', label: 'Sessions', path: '/settings/sessions' },
  { key: 'erased', label: 'Erased people', path: '/settings/erased' },
  { key: 'links', label: 'Setup links', path: '/settings/links', operators: true },
  { key: 'recovery', label: 'Recovery links', path: '/settings/recovery', operators: true },
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
  const isOperator = request.visitor.principal.kind === 'operator'
  const shown = subPages.filter(({ operators }) => operators === undefined || isOperator)
  const own = shown.find(({ key }) => key === page.page)
  return show(request, {
    title: page.title ?? own?.label ?? 'Settings',
    tab: 'settings',
    status: page.status ?? 200,
    children: (
      <>
        <nav class="subnav" aria-label="Settings">
          <ul>
            {shown.map(({ key, label, path }) => (
              <li>
                <a
                  href={url(request, path)}
                  {...(key === page.page ? { 'aria-current': 'page' as const } : {})}
                >
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {page.children}
      </>
    ),
  })
}
