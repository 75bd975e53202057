import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { style } from './style.ts'

const sections = [
  ['/', 'Home'],
  ['/users', 'Users'],
  ['/groups', 'Groups'],
  ['/apps', 'Enterprise apps'],
  ['/myapps', 'My Apps'],
  ['/sign-ins', 'Sign-in log'],
  ['/graph', 'Graph'],
] as const

/** A page: with the way around the portal, or as a card by itself. */
export function Layout(props: {
  readonly title: string
  readonly path?: string
  readonly head?: Child
  readonly children?: Child
}) {
  const { path } = props
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{props.title} · Contoso (simulator)</title>
          <link rel="icon" href="data:," />
          {props.head}
          <style>{raw(style)}</style>
        </head>
        <body>
          {path !== undefined && (
            <header>
              <strong>Contoso (simulator)</strong>
              <nav aria-label="Portal">
                {sections.map(([href, name]) => (
                  <a href={href} aria-current={href === path ? 'page' : undefined}>
                    {name}
                  </a>
                ))}
              </nav>
            </header>
          )}
          <main class={path === undefined ? 'card' : undefined}>{props.children}</main>
        </body>
      </html>
    </>
  )
}
