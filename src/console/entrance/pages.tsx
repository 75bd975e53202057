import type { AppContext, Problem } from '../../http/index.ts'
import type { ActiveSession } from '../../session/index.ts'
import type { Visitor } from '../route.ts'
import { show } from '../show.tsx'
import { Button, Card, Empty, Field, Form, Notice, ProblemBox } from '../ui/index.ts'

type Reply = Response | Promise<Response>

const outside = { visitor: null, org: null } as const

/** The door: admin key, Cloudflare Access, or a person's own sign-in. */
export function LoginPage(
  c: AppContext,
  props: {
    readonly next: string
    /** Whom Cloudflare Access let through. */
    readonly access: string | null
    readonly problem: Problem | null
  },
): Reply {
  return show(
    { c, ...outside },
    {
      title: 'Sign in to the console',
      status: props.problem?.status ?? 200,
      children: (
        <div class="narrow">
          {props.access !== null && (
            <Card title="By Cloudflare Access">
              <form method="post" action="/console/login/access" class="form">
                <input type="hidden" name="next" value={props.next} />
                <p>
                  You came as <strong>{props.access}</strong>.
                </p>
                <Button>Go on as operator</Button>
              </form>
            </Card>
          )}
          <Card title="Operators">
            <form method="post" action="/console/login" class="form">
              {props.problem !== null && <ProblemBox problem={props.problem} />}
              <input type="hidden" name="next" value={props.next} />
              <Field
                label="Admin key"
                name="key"
                type="password"
                required
                autocomplete="current-password"
                hint="The secret ADMIN_KEY of this deployment. npm start prints it."
              />
              <Button>Sign in</Button>
            </form>
          </Card>
          <Card title="Admins of an organization">
            <p>
              Sign in as you do to the app, then come back here. You need the role{' '}
              <code>admin</code>.
            </p>
            <p>
              <a class="button quiet" href="/">
                Sign in with your organization
              </a>
            </p>
            <p class="soft small">Were you sent a setup link? Open that link instead.</p>
          </Card>
        </div>
      ),
    },
  )
}

/** Where a setup link leads: its secret is in the fragment, and a script of ours puts it into the form. */
export function EnterPage(c: AppContext, problem: Problem | null): Reply {
  return show(
    { c, ...outside },
    {
      title: 'Set up your organization',
      status: problem?.status ?? 200,
      children: (
        <div class="narrow">
          {problem !== null && <ProblemBox problem={problem} />}
          <Card>
            <form method="post" action="/console/enter" class="form" data-fragment-form hidden>
              <p>
                This link opens the set-up guide of your organization. Whoever has it can do the
                same, so keep it to yourself.
              </p>
              <input type="hidden" name="token" />
              <Button>Open the guide</Button>
            </form>
            <p class="soft" role="status" data-fragment-missing>
              {problem === null ? 'Reading the link…' : 'Open the whole link once more.'}
            </p>
            <noscript>
              <Notice tone="warn">
                This one page needs JavaScript: the secret of the link is kept where only the page
                can read it.
              </Notice>
            </noscript>
          </Card>
        </div>
      ),
    },
  )
}

/** Asks again who it is, before secrets. */
export function ConfirmPage(
  c: AppContext,
  props: { readonly visitor: Visitor; readonly next: string; readonly problem: Problem | null },
): Reply {
  const { visitor, next, problem } = props
  return show(
    { c, visitor, org: null },
    {
      title: 'Confirm that it is you',
      status: problem?.status ?? 200,
      children: (
        <div class="narrow">
          <Card>
            <p>
              What comes next shows a secret. You proved who you are a while ago, so please do it
              again.
            </p>
            <Confirmation {...{ visitor, next, problem }} />
          </Card>
        </div>
      ),
    },
  )
}

function Confirmation(props: {
  readonly visitor: Visitor
  readonly next: string
  readonly problem: Problem | null
}) {
  const { visitor, next, problem } = props
  if (visitor.by === 'setup-link') {
    return <p>Open your setup link once more, then come back to this step.</p>
  }
  if (visitor.by === 'person') {
    return visitor.loginUrl === null ? (
      <p>You came by a recovery link. Sign in with your organization, then come back.</p>
    ) : (
      <p>
        <a
          class="button primary"
          href={`${visitor.loginUrl}?force=true&return_to=${encodeURIComponent(next)}`}
        >
          Sign in again
        </a>
      </p>
    )
  }
  return (
    <Form request={props} action="/console/confirm" problem={problem}>
      <input type="hidden" name="next" value={next} />
      <Field
        label="Admin key"
        name="key"
        type="password"
        required
        autocomplete="current-password"
      />
      <Button>Confirm</Button>
    </Form>
  )
}

/** Somebody signed in who may not be here, or who signed in too long ago. */
export function NotAdmittedPage(
  c: AppContext,
  { active, next }: { readonly active: ActiveSession; readonly next: string },
): Reply {
  const { person, organization, connection } = active
  const problem = c.get('explain')({ code: 'console.not_admitted' })
  return show(
    { c, ...outside },
    {
      title: 'You cannot open the console',
      status: problem.status,
      children: (
        <div class="narrow">
          <Empty title={`You are signed in as ${person.userName} of ${organization.name}.`}>
            <p>{problem.detail} Sign-ins older than eight hours do not open the console either.</p>
            {connection !== null && (
              <p>
                <a
                  class="button quiet"
                  href={`/saml/${connection.id}/login?return_to=${encodeURIComponent(next)}`}
                >
                  Sign in again
                </a>
              </p>
            )}
          </Empty>
          <LoginLink />
        </div>
      ),
    },
  )
}

function LoginLink() {
  return (
    <Card title="Operators">
      <form method="post" action="/console/login" class="form">
        <Field
          label="Admin key"
          name="key"
          type="password"
          required
          autocomplete="current-password"
        />
        <Button>Sign in</Button>
      </form>
    </Card>
  )
}
