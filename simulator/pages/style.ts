/** The one stylesheet. Colours follow the system's light or dark setting. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f7, #15171a); --paper: light-dark(#fff, #1f2226);
  --ink: light-dark(#1b1d20, #e9ebee); --soft: light-dark(#555b64, #a9b0ba);
  --line: light-dark(#d9dce1, #3a3f46); --accent: light-dark(#0a5cad, #79b8ff);
  --accent-ink: light-dark(#fff, #10151b); --bad: light-dark(#b3261e, #ff9a92);
  --badge: light-dark(#e8eef6, #2c3540);
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
a { color: var(--accent) }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; padding: .75rem 1.25rem;
  background: var(--paper); border-bottom: 1px solid var(--line) }
header strong { margin-right: .5rem }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem }
nav a { text-decoration: none } nav a[aria-current] { text-decoration: underline; text-underline-offset: .35em }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1.25rem }
main.card { max-width: 30rem; margin: 8vh auto; padding: 2rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: .5rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem } h2 { font-size: 1.125rem; margin: 1.75rem 0 .5rem }
.soft { color: var(--soft) } .bad { color: var(--bad) }
.badge { display: inline-block; padding: 0 .5em; border-radius: 1em; background: var(--badge); font-size: .8125rem; margin-left: .5em }
section, fieldset { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; margin: 0 0 1rem; min-width: 0 }
section > h2, legend { margin-top: 0; font-size: 1.125rem; font-weight: 600 }
table { width: 100%; border-collapse: collapse } td { overflow-wrap: anywhere }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
code, pre, .mono { font: .875rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere } pre { white-space: pre-wrap; margin: .5rem 0 }
label { display: block; font-weight: 600; margin-top: .75rem } label.check { font-weight: 400 }
input:not([type=checkbox]), select, textarea { width: 100%; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid light-dark(#80868f, #7a828c); border-radius: .25rem; padding: .45rem .6rem }
textarea { min-height: 5rem; font: .875rem/1.45 ui-monospace, monospace }
.hint { color: var(--soft); font-size: .875rem; margin: .15rem 0 0 }
button, .button { font: inherit; padding: .45rem 1rem; border: 1px solid var(--accent); border-radius: .25rem;
  background: var(--accent); color: var(--accent-ink); cursor: pointer; text-decoration: none; display: inline-block }
button.quiet, .button.quiet { background: transparent; color: var(--accent) }
button.person { display: block; width: 100%; text-align: left; background: transparent; color: inherit;
  border: 0; border-bottom: 1px solid var(--line); border-radius: 0; padding: .6rem .25rem }
button.person:hover, button.person:focus-visible { background: var(--badge) }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .75rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 1rem; padding: 0; list-style: none }
.tiles a { display: block; padding: 1.25rem 1rem; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; font-weight: 600 }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 0 1.5rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 0 } dd { margin: 0; min-width: 0 }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem }
  thead { display: none } table, tbody, tr, td { display: block } td { border: 0; padding: 0 } tr { padding: .5rem 0; border-bottom: 1px solid var(--line) } }
iframe.broadcast { position: absolute; width: 1px; height: 1px; border: 0; visibility: hidden }
`
