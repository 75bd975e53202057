import type { Child } from 'hono/jsx'
import { assets } from './assets.generated.ts'
import type { OrganizationAnswer, Visitor } from './route.ts'
import type { Tab } from './tabs.ts'

export type ShellProps = {
  readonly title: string
  readonly theme: string
  readonly visitor: Visitor | null
  readonly org: OrganizationAnswer | null
  readonly tabs: readonly Tab[]
  readonly tab: string
  /** The sentence about what was just done. */
  readonly done: string | null
  /** Where this page is, to come back to. */
  readonly here: string
  readonly children?: Child
}

const themes = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const

/** The frame of every page of the console. Holds no logic. */
export function Shell(props: ShellProps) {
  const { visitor, org, here } = props
  const isOperator = visitor?.principal.kind === 'operator'
  return (
    <html lang="en" data-theme={props.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}' />
        <title>{`${props.title} · Portico`}</title>
        <link rel="icon" href="/portico.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={assets.css} />
        <script src={assets.htmx} defer />
        <script src={assets.js} defer />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <header class="top">
          <a class="brand" href="/console">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M4 21V10a8 8 0 0 1 16 0v11M9 21v-9a3 3 0 0 1 6 0v9M2 21h20" />
            </svg>
            <span>Portico</span>
          </a>
          {org !== null && (
            <p class="place">
              {isOperator && <a href="/console">Organizations</a>}
              <strong>{org.name}</strong>
            </p>
          )}
          {visitor !== null && (
            <div class="me">
              <span class="soft">{visitor.name}</span>
              <form
                method="post"
                // Whoever came as a person has one session, the app's.
                action={visitor.by === 'person' ? '/logout' : '/console/leave'}
              >
                <input type="hidden" name="csrf" value={visitor.csrf} />
                <button class="link" type="submit">
                  Sign out
                </button>
              </form>
            </div>
          )}
        </header>
        <div class={org === null ? 'frame' : 'frame with-nav'}>
          {org !== null && (
            <nav class="tabs" aria-label={org.name}>
              <ul>
                {props.tabs.map(({ key, label, path }) => (
                  <li>
                    <a
                      href={`/console/o/${org.slug}${path}`}
                      {...(key === props.tab ? { 'aria-current': 'page' as const } : {})}
                    >
                      {label}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          <main id="main" tabindex={-1}>
            <h1>{props.title}</h1>
            {props.done !== null && (
              <div class="notice good" role="status">
                {props.done}
              </div>
            )}
            {props.children}
          </main>
        </div>
        <footer class="foot">
          <form method="post" action="/console/theme">
            <input type="hidden" name="next" value={here} />
            <fieldset class="themes">
              <legend>Colours</legend>
              {themes.map(([value, label]) => (
                <button
                  type="submit"
                  name="theme"
                  value={value}
                  aria-pressed={value === props.theme ? 'true' : 'false'}
                >
                  {label}
                </button>
              ))}
            </fieldset>
          </form>
        </footer>
      </body>
    </html>
  )
}
