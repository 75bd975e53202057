import { type AnyFailure, type ErrorEntry, type Tell, toIso } from '../kernel/index.ts'
import type { AppContext, FailOptions } from './context.ts'
import { Layout } from './layout.tsx'
import { type Problem, problemOf } from './problem.ts'
import { scimError } from './scim-error.ts'
import { tells } from './tells.ts'

/** What only somebody else can change: trying again is offered, but is not the way out. */
const waits: ReadonlySet<Tell> = new Set(['not-permitted', 'being-tested', 'not-ready', 'conflict'])

export type Registry = Readonly<Record<string, ErrorEntry>>

/** After an outage, and after the period that the limits of wrangler.toml count in. */
const retryAfterSeconds: Readonly<Record<number, string>> = { 503: '5', 429: '10' }

/**
 * Answers a failure: a page with one plain sentence and a reference number for a person, RFC 9457
 * problem details with code, meaning and fix for a program. The evidence stays inside.
 */
export function answerFailure(
  c: AppContext,
  registry: Registry,
  failure: AnyFailure,
  options: FailOptions = {},
): Response | Promise<Response> {
  const entry = registry[failure.code]
  if (entry === undefined) throw new Error(`code without a registry entry: ${failure.code}`)
  for (const [name, value] of Object.entries(options.headers ?? {})) c.header(name, value)
  const retryAfter = retryAfterSeconds[entry.status]
  if (retryAfter !== undefined) c.header('Retry-After', retryAfter)
  c.status(entry.status as 400)
  if (options.audience === 'browser') return page(c, entry, options)
  if (options.audience !== 'scim') return problem(c, { failure, entry, options })
  c.header('Content-Type', 'application/scim+json')
  return c.body(JSON.stringify(scimError({ failure, entry, requestId: c.get('requestId') })))
}

/** The words of a failure, for a page that shows more than the failure. */
export function explainFailure(c: AppContext, registry: Registry, failure: AnyFailure): Problem {
  const entry = registry[failure.code]
  if (entry === undefined) throw new Error(`code without a registry entry: ${failure.code}`)
  return problemOf(failure, entry, c.get('requestId'))
}

function problem(
  c: AppContext,
  { failure, entry, options }: { failure: AnyFailure; entry: ErrorEntry; options: FailOptions },
): Response {
  c.header('Content-Type', 'application/problem+json')
  return c.body(
    JSON.stringify({
      ...problemOf(failure, entry, c.get('requestId')),
      ...(options.field === undefined ? {} : { field: options.field }),
    }),
  )
}

function page(
  c: AppContext,
  entry: ErrorEntry,
  options: FailOptions,
): Response | Promise<Response> {
  const { title, sentence } = tells[entry.tell]
  const retryIsIdle = options.retryIsIdle ?? waits.has(entry.tell)
  return c.html(
    <Layout title={title} nonce={c.get('nonce')}>
      <h1>{title}</h1>
      <p>{sentence}</p>
      {options.hints?.map((hint) => (
        <p>{hint}</p>
      ))}
      {options.retryUrl !== undefined && (
        <p>
          <a class={retryIsIdle ? 'button quiet' : 'button'} href={options.retryUrl}>
            Try again
          </a>
        </p>
      )}
      <dl class="reference">
        <dt>Reference</dt>
        <dd>{c.get('requestId')}</dd>
        <dt>Time</dt>
        <dd>{toIso(c.get('nowMs'))}</dd>
        {options.lookups?.map(({ label, value, href }) => (
          <>
            <dt>{label}</dt>
            <dd>
              {href === undefined ? (
                value
              ) : (
                <a href={href} rel="noreferrer">
                  {value}
                </a>
              )}
            </dd>
          </>
        ))}
      </dl>
    </Layout>,
  )
}
