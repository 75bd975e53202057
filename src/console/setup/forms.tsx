import type { Child } from 'hono/jsx'
import type { Problem } from '../../http/index.ts'
import { url } from '../show.tsx'
import { Button, Copy, errorOf, Field, Form, Notice } from '../ui/index.ts'
import { CheckGraph, Graph } from './graph-form.tsx'
import type { Offer } from './guide.ts'
import { Metadata } from './metadata-form.tsx'
import { mayGo, type OfferProps, type SetupPage } from './page.ts'

/** A form that was refused, and what had been entered. */
export type Refused = { readonly offer: Offer; readonly problem: Problem }

/** What Portico offers with a step, and the mark that says that it is done. */
export function Offers({
  page,
  refused,
}: {
  readonly page: SetupPage
  readonly refused?: Refused
}) {
  const { open } = page
  return (
    <>
      {open.offers.map((offer) => {
        const Part = parts[offer]
        return <Part page={page} problem={refused?.offer === offer ? refused.problem : null} />
      })}
      {open.mark && <Mark page={page} />}
    </>
  )
}

function Mark({ page }: { readonly page: SetupPage }) {
  const { facts, open, href, request } = page
  const isMarked = facts.marked.some(({ step }) => step === open.key)
  return (
    <Form request={request} action={href('/mark')} inline>
      <input type="hidden" name="step" value={open.key} />
      <input type="hidden" name="done" value={isMarked ? '' : 'yes'} />
      <Button kind="quiet">
        {isMarked
          ? 'Take the mark away'
          : open.optional
            ? 'Mark as done or not needed'
            : 'Mark as done'}
      </Button>
    </Form>
  )
}

function Script({ page }: OfferProps) {
  return page.guide.provider !== 'entra' || !mayGo(page.request, 'test') ? null : (
    <p>
      <a href={page.href('/script')}>The script, for PowerShell or az</a>
    </p>
  )
}

function Token({ page, problem }: OfferProps) {
  const { href, open, request } = page
  return (
    <Form request={request} action={href('/token', open.key)} problem={problem}>
      <Field
        label="Name"
        name="name"
        required
        hint="Where it is entered, such as the application in Entra."
        value={request.form.has('name') ? request.form.text('name') : page.guide.name}
        error={errorOf(problem, 'name')}
      />
      <Field
        label="Expires on"
        name="expires"
        type="date"
        hint="Empty: never. Events warn 30, 7 and 1 days before."
        value={request.form.text('expires')}
        error={errorOf(problem, 'expiresAt')}
      />
      <Button>Make a token</Button>
    </Form>
  )
}

/** The token, now and never again. */
export function ShownToken({
  page,
  token,
}: {
  readonly page: SetupPage
  readonly token: string | null
}) {
  return (
    <>
      <Notice tone="good">
        <strong>Copy it now: it is not shown again.</strong>
        <p>Enter it as Secret Token, as it is and without the word Bearer.</p>
      </Notice>
      <Copy label="Tenant URL" value={page.facts.scim.tenantUrl} />
      {token !== null && <Copy label="Secret Token" value={token} />}
    </>
  )
}

/** A way on to another page, for whoever may go there. */
function leadTo(tab: string, label: string, otherwise: string) {
  return ({ page }: OfferProps): Child =>
    mayGo(page.request, tab) ? (
      <p>
        <a class="button" href={url(page.request, `/${tab}`)}>
          {label}
        </a>
      </p>
    ) : (
      <p class="soft">{otherwise}</p>
    )
}

const parts: Readonly<Record<Offer, (props: OfferProps) => Child>> = {
  metadata: Metadata,
  script: Script,
  token: Token,
  graph: Graph,
  check: CheckGraph,
  test: leadTo('test', 'Test sign-in', 'Whoever sent you the link makes the test.'),
  rollout: leadTo(
    'rollout',
    'Roll out',
    'Tell whoever sent you the link that it is ready: they roll it out.',
  ),
  define: leadTo('attributes', 'Attributes', 'Whoever sent you the link defines attributes.'),
}
