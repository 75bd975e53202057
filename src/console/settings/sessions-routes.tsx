import type { OrganizationSessionAnswer, TombstoneAnswer } from '../../admin/index.ts'
import { browserWords } from '../browser-words.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { Button, Empty, Form, Pages, Table, Time } from '../ui/index.ts'
import { showSettings } from './frame.tsx'

const sessions = '/o/{org}/settings/sessions'
const erased = '/o/{org}/settings/erased'

export const sessionRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: sessions, handle: showSessions },
  { method: 'post', path: `${sessions}/{session}/end`, handle: endSession },
  { method: 'get', path: erased, handle: showErased },
  { method: 'post', path: `${erased}/{user}/lift`, handle: lift },
]

type Listed<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

const pageSize = '50'

function pageOf(request: ConsoleRequest): Readonly<Record<string, string>> {
  const cursor = request.query('cursor')
  return { limit: pageSize, ...(cursor === '' ? {} : { cursor }) }
}

function More(props: {
  readonly request: ConsoleRequest
  readonly path: string
  readonly next: string | null
}) {
  const { request, next } = props
  const path = url(request, props.path)
  return (
    <Pages
      next={next === null ? null : `${path}?cursor=${encodeURIComponent(next)}`}
      first={request.query('cursor') === '' ? null : path}
    />
  )
}

async function showSessions(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<Listed<OrganizationSessionAnswer>>('listOrganizationSessions', {
    query: pageOf(request),
  })
  if (!listed.ok) return showProblem(request, listed.problem)
  const { items, nextCursor } = listed.value
  const path = '/settings/sessions'
  return showSettings(request, {
    page: 'sessions',
    children:
      items.length === 0 ? (
        <Empty title="Nobody is signed in">
          <p>Sessions stand here from the sign-in until they end.</p>
        </Empty>
      ) : (
        <>
          <p class="soft">
            Those of one person stand together. The app notices the end of a session when it asks
            next.
          </p>
          <Table
            head={['Person', 'Signed in', 'Ends', 'Browser', 'Actions']}
            caption="Sessions that are not over"
          >
            {items.map((one) => (
              <tr>
                <td data-label="Person">
                  <a href={url(request, `/people/${one.user}`)}>{one.userName}</a>
                  {one.connection === null && <p class="soft small">by a recovery link</p>}
                </td>
                <td data-label="Signed in">
                  <Time at={one.createdAt} nowMs={request.nowMs} />
                </td>
                <td data-label="Ends">
                  <Time at={one.expiresAt} nowMs={request.nowMs} />
                </td>
                <td data-label="Browser" title={one.userAgent ?? ''}>
                  {browserWords(one.userAgent)}
                </td>
                <td>
                  <Form inline request={request} action={url(request, `${path}/${one.id}/end`)}>
                    <Button kind="danger">
                      End<span class="hidden"> the session of {one.userName}</span>
                    </Button>
                  </Form>
                </td>
              </tr>
            ))}
          </Table>
          <More request={request} path={path} next={nextCursor} />
        </>
      ),
  })
}

async function endSession(request: ConsoleRequest): Promise<Response> {
  const ended = await request.call('endSession', { params: { session: request.param('session') } })
  return ended.ok
    ? go(request, url(request, '/settings/sessions'), 'sessions_ended')
    : showProblem(request, ended.problem)
}

async function showErased(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<Listed<TombstoneAnswer>>('listTombstones', {
    query: pageOf(request),
  })
  if (!listed.ok) return showProblem(request, listed.problem)
  const { items, nextCursor } = listed.value
  return showSettings(request, {
    page: 'erased',
    children: (
      <>
        <p class="soft">
          Who was erased is not made again by a first sign-in, so that an erasure lasts. Only ids
          are left. Provisioning may still create them, and whoever is let in again here is a new
          person.
        </p>
        {items.length === 0 ? (
          <Empty title="Nobody was erased">
            <p>People stand here once provisioning deletes them.</p>
          </Empty>
        ) : (
          <Table head={['Person', 'Erased', 'Actions']} caption="Erased people">
            {items.map(({ user, at }) => (
              <tr>
                <td data-label="Person">
                  <code>{user}</code>
                </td>
                <td data-label="Erased">
                  <Time at={at} nowMs={request.nowMs} />
                </td>
                <td>
                  <Form
                    inline
                    request={request}
                    action={url(request, `/settings/erased/${user}/lift`)}
                  >
                    <Button kind="quiet">
                      Let in again<span class="hidden"> {user}</span>
                    </Button>
                  </Form>
                </td>
              </tr>
            ))}
          </Table>
        )}
        <More request={request} path="/settings/erased" next={nextCursor} />
      </>
    ),
  })
}

async function lift(request: ConsoleRequest): Promise<Response> {
  const lifted = await request.call('liftTombstone', { params: { user: request.param('user') } })
  return lifted.ok
    ? go(request, url(request, '/settings/erased'), 'saved')
    : showProblem(request, lifted.problem)
}
