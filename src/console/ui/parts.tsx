import type { Child } from 'hono/jsx'
import { toIso } from '../../kernel/index.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'idle'

/** A titled part of a page. */
export function Card(props: {
  readonly title?: string
  readonly actions?: Child
  readonly id?: string
  readonly children?: Child
}) {
  return (
    <section class="card" id={props.id}>
      {props.title !== undefined && (
        <div class="card-head">
          <h2>{props.title}</h2>
          {props.actions !== undefined && <div class="row">{props.actions}</div>}
        </div>
      )}
      {props.children}
    </section>
  )
}

/** A table that becomes a list of cards on a phone: give each `td` the `data-label` of its column. */
export function Table(props: {
  readonly head: readonly string[]
  /** What the table is of, for screen readers. */
  readonly caption: string
  readonly children?: Child
}) {
  return (
    <div class="table-wrap">
      <table class="stack">
        <caption class="hidden">{props.caption}</caption>
        <thead>
          <tr>
            {props.head.map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  )
}

/** A state in a word; the colour only repeats it. */
export function Badge(props: { readonly tone: Tone; readonly children?: Child }) {
  return <span class={`badge ${props.tone}`}>{props.children}</span>
}

/** Something to notice, at the place that it is about. */
export function Notice(props: { readonly tone: Tone; readonly children?: Child }) {
  return (
    <div class={`notice ${props.tone}`} role={props.tone === 'bad' ? 'alert' : 'status'}>
      {props.children}
    </div>
  )
}

/** Nothing here yet, and what to do about it. */
export function Empty(props: { readonly title: string; readonly children?: Child }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  )
}

/** A value to take elsewhere. Without JavaScript it can be selected whole with one click. */
export function Copy(props: {
  readonly label: string
  readonly value: string
  /** On several lines, as it is. */
  readonly block?: boolean
}) {
  return (
    <div class="copy">
      <span class="copy-label">{props.label}</span>
      {props.block === true ? (
        <pre class="copy-value" tabindex={0}>
          {props.value}
        </pre>
      ) : (
        <code class="copy-value">{props.value}</code>
      )}
      <button type="button" class="button quiet" data-copy={props.value} hidden>
        Copy<span class="hidden"> {props.label}</span>
      </button>
    </div>
  )
}

/** Label and value pairs. */
export function Facts(props: {
  readonly rows: readonly (readonly [label: string, value: Child])[]
}) {
  return (
    <dl class="facts">
      {props.rows.map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Text as it is, such as XML or JSON. */
export function Code(props: { readonly children?: Child }) {
  return (
    <pre class="code" tabindex={0}>
      {props.children}
    </pre>
  )
}

const units: readonly (readonly [ms: number, name: string])[] = [
  [365 * 24 * 3600_000, 'year'],
  [30 * 24 * 3600_000, 'month'],
  [24 * 3600_000, 'day'],
  [3600_000, 'hour'],
  [60_000, 'minute'],
]

/** How far a moment is from now in words: `3 hours ago`, `in 12 days`. */
export function distance(ms: number, nowMs: number): string {
  const gap = Math.abs(ms - nowMs)
  const [size, name] = units.find(([unit]) => gap >= unit) ?? [0, '']
  if (size === 0) return 'just now'
  const count = Math.floor(gap / size)
  const words = `${count} ${name}${count === 1 ? '' : 's'}`
  return ms > nowMs ? `in ${words}` : `${words} ago`
}

/** A moment: how long ago, and exactly in UTC. */
export function Time(props: { readonly at: number | string | null; readonly nowMs: number }) {
  if (props.at === null) return <span class="soft">never</span>
  const ms = typeof props.at === 'string' ? new Date(props.at).getTime() : props.at
  const iso = toIso(ms)
  return (
    <time datetime={iso} title={`${iso.slice(0, 19).replace('T', ' ')} UTC`}>
      {distance(ms, props.nowMs)}
    </time>
  )
}

/** The way to the next page of a list. */
export function Pages(props: { readonly next: string | null; readonly first?: string | null }) {
  if (props.next === null && (props.first ?? null) === null) return null
  return (
    <nav class="pages" aria-label="Pages">
      {(props.first ?? null) !== null && <a href={props.first ?? ''}>First page</a>}
      {props.next !== null && <a href={props.next}>Next page</a>}
    </nav>
  )
}

/**
 * A part that keeps itself up to date: asks its address again every few seconds, which answers with the same
 * part, by `fragment`. Without JavaScript there is a link instead.
 */
export function Live(props: {
  readonly id: string
  readonly url: string
  readonly seconds: number
  /** Where the whole page is, for those without JavaScript. */
  readonly page: string
  /** Nothing more to wait for: it stops asking. */
  readonly over?: boolean
  readonly children?: Child
}) {
  const asks =
    props.over === true
      ? {}
      : {
          'hx-get': props.url,
          'hx-trigger': `every ${props.seconds}s`,
          'hx-swap': 'outerHTML',
          'hx-target': 'this',
        }
  return (
    <div id={props.id} {...asks}>
      {props.children}
      {props.over !== true && (
        <noscript>
          <p>
            <a href={props.page}>Look again</a>
          </p>
        </noscript>
      )}
    </div>
  )
}
