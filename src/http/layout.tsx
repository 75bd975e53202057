import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'

const stylesheet = `
:root{color-scheme:light dark;--ink:#17202e;--soft:#5a6678;--line:#dde3ec;--paper:#fff;--ground:#f3f5f9;--accent:#1d4ed8;--accent-ink:#fff;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf5;--soft:#9aa7ba;--line:#2c3645;--paper:#161d28;--ground:#0d121a;--accent:#7ba2ff;--accent-ink:#0d121a;--bad:#ff9d92}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:34rem;background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:2.25rem 2rem}
main.wide{max-width:50rem}
h1{margin:0 0 .6rem;font-size:1.45rem;line-height:1.25}
h2{margin:2rem 0 .5rem;font-size:1.05rem}
p{margin:0 0 1rem}
.soft{color:var(--soft)}
.mark{display:flex;align-items:center;gap:.55rem;margin:0 0 1.6rem;font-weight:650}
.mark svg{width:1.5rem;height:1.5rem;color:var(--accent)}
label{display:block;margin:0 0 .35rem;font-weight:550}
input{width:100%;padding:.7rem .8rem;border:1px solid var(--soft);border-radius:9px;background:transparent;color:inherit;font:inherit}
button,.button{display:inline-block;margin-top:1rem;padding:.7rem 1.15rem;border:0;border-radius:9px;background:var(--accent);color:var(--accent-ink);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
button.quiet,.button.quiet{background:transparent;color:var(--accent);border:1px solid var(--line)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
.problem{margin:.5rem 0 0;color:var(--bad);font-weight:550}
dl.reference{display:grid;grid-template-columns:max-content 1fr;gap:.25rem .9rem;margin:1.4rem 0 0;padding-top:1.1rem;border-top:1px solid var(--line);font-size:.92rem}
dl.reference dt{color:var(--soft)}dl.reference dd{margin:0;overflow-wrap:anywhere;font-family:ui-monospace,Consolas,monospace}
table{width:100%;border-collapse:collapse;font-size:.95rem}
th,td{padding:.5rem .6rem .5rem 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;color:var(--soft);font-weight:550;font-size:.85rem}
tbody th{font-weight:550}
.whole{white-space:nowrap}
.row{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}
@media (max-width:30rem){main{padding:1.5rem 1.15rem}table.stack thead{display:none}table.stack tr{display:block;padding:.65rem 0;border-top:1px solid var(--line)}table.stack th,table.stack td{display:block;padding:.05rem 0;border-top:0}}
`

/** The frame of every page that a person at a door sees. Holds no logic. */
export function Layout(props: {
  readonly title: string
  readonly nonce: string
  readonly wide?: boolean
  readonly head?: Child
  readonly children?: Child
}) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>{props.title}</title>
          <link rel="icon" href="data:," />
          <style nonce={props.nonce}>{raw(stylesheet)}</style>
          {props.head}
        </head>
        <body>
          <main class={props.wide === true ? 'wide' : ''}>
            <div class="mark">
              <svg
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                aria-hidden="true"
              >
                <path
                  d="M4 21V10a8 8 0 0 1 16 0v11M9 21v-9a3 3 0 0 1 6 0v9M2 21h20"
                  stroke-linecap="round"
                />
              </svg>
              <span>Portico</span>
            </div>
            {props.children}
          </main>
        </body>
      </html>
    </>
  )
}
