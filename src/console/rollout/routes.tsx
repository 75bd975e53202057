import type { StatusConsequencesAnswer, SwitchConsequencesAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { shownVersion } from '../form.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, show, showProblem, url } from '../show.tsx'
import { ConfirmPage } from './confirm-page.tsx'
import { type Rolled, RolloutPage, type Undo } from './rollout-page.tsx'
import { type Trusted, trustFacts } from './trust.tsx'
import {
  bodyOf,
  changeSentence,
  peopleWords,
  type Setting,
  settingValue,
  settingWords,
  statusSentences,
  statusWords,
  warningWords,
} from './words.ts'

export const rolloutRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/rollout', handle: showRollout },
  {
    method: 'get',
    path: '/o/{org}/rollout/switch/{setting}/{value}',
    handle: (request) => showSwitch(request, null),
  },
  { method: 'post', path: '/o/{org}/rollout/switch/{setting}/{value}', handle: turnSwitch },
  {
    method: 'get',
    path: '/o/{org}/rollout/{connection}/{status}',
    handle: (request) => showStatus(request, null),
  },
  { method: 'post', path: '/o/{org}/rollout/{connection}/{status}', handle: setStatus },
]

type Listed = { readonly items: readonly Rolled[]; readonly nextCursor: string | null }

async function showRollout(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<Listed>('listConnections', { query: { limit: '50' } })
  if (!listed.ok) return showProblem(request, listed.problem)
  const connections = listed.value.items
  return show(request, {
    title: 'Roll out',
    tab: 'rollout',
    children: (
      <RolloutPage
        connections={connections}
        org={request.org}
        base={url(request, '/rollout')}
        setupUrl={url(request, '/setup')}
        undo={undoSwitch(request) ?? undoStatus(request, connections)}
      />
    ),
  })
}

/** Back to the status before; a connection that was a draft is disabled instead, which lets in nobody either. */
function undoStatus(request: ConsoleRequest, connections: readonly Rolled[]): Undo | null {
  const connection = connections.find(({ id }) => id === request.query('connection'))
  const before = request.query('before')
  const [to] =
    connection?.nextStatuses
      .filter((next) => next === before || (before === 'draft' && next === 'disabled'))
      .sort((a, b) => Number(b === before) - Number(a === before)) ?? []
  if (connection === undefined || to === undefined) return null
  return {
    label: `${connection.name}: ${statusWords[to].verb.toLowerCase()}`,
    url: url(request, `/rollout/${connection.id}/${to}`),
  }
}

function undoSwitch(request: ConsoleRequest): Undo | null {
  const setting = settingOf(request.query('setting'))
  if (setting === null) return null
  const { label, values } = settingWords[setting]
  const value = values.find((one) => one.value !== settingValue(request.org, setting))
  if (value === undefined) return null
  return {
    label: `${label}: ${value.verb.toLowerCase()} again`,
    url: url(request, `/rollout/switch/${setting}/${value.value}`),
  }
}

function settingOf(text: string): Setting | null {
  return Object.hasOwn(settingWords, text) ? (text as Setting) : null
}

async function askStatus(request: ConsoleRequest) {
  const connection = request.param('connection')
  const status = request.param('status')
  return request.call<StatusConsequencesAnswer>('getStatusConsequences', {
    params: { connection },
    query: { status },
  })
}

async function showStatus(request: ConsoleRequest, problem: Problem | null): Promise<Response> {
  const connection = request.param('connection')
  const [asked, found] = await Promise.all([
    askStatus(request),
    request.call<Trusted>('getConnection', { params: { connection } }),
  ])
  if (!asked.ok) return showProblem(request, asked.problem)
  if (!found.ok) return showProblem(request, found.problem)
  const answer = asked.value
  const { label, means, verb } = statusWords[answer.to]
  const { people } = answer
  return show(request, {
    title: `${found.value.name}: ${verb.toLowerCase()}`,
    tab: 'rollout',
    status: problem?.status ?? 200,
    children: (
      <ConfirmPage
        request={request}
        problem={problem}
        action={url(request, `/rollout/${connection}/${answer.to}`)}
        back={url(request, '/rollout')}
        verb={verb}
        means={`${label}: ${means}`}
        sentences={statusSentences(answer)}
        warnings={answer.warnings.map((warning) => warningWords[warning])}
        possible={answer.possible}
        isGrave={answer.signedOut > 0 || answer.to === 'disabled'}
        version={found.value.version}
        facts={[
          ['Status now', statusWords[answer.from].label],
          ['People of the connection', peopleWords(people.counted, answer)],
          ['Active', people.active],
          ['Never signed in', people.neverSignedIn],
          ['Only by a first sign-in', people.onlyFirstLogin],
          ['Only by SCIM so far', people.onlyScim],
          ['Testers', answer.testers],
          ...trustFacts(found.value, answer.to),
        ]}
      />
    ),
  })
}

async function setStatus(request: ConsoleRequest): Promise<Response> {
  const connection = request.param('connection')
  const asked = await askStatus(request)
  if (!asked.ok) return showProblem(request, asked.problem)
  const { from, to } = asked.value
  const changed = await request.call('changeConnection', {
    params: { connection },
    body: { status: to, ...shownVersion(request.form) },
  })
  if (!changed.ok) return showStatus(request, changed.problem)
  const place = url(request, `/rollout?connection=${connection}&before=${from}`)
  return go(request, place, from === to ? 'unchanged' : 'saved')
}

async function askSwitch(request: ConsoleRequest, setting: Setting) {
  const value = request.param('value')
  return request.call<SwitchConsequencesAnswer>('getSwitchConsequences', {
    query: { [setting]: value },
  })
}

function noSuchSwitch(request: ConsoleRequest) {
  return showProblem(request, request.c.get('explain')({ code: 'http.not_found' }))
}

async function showSwitch(request: ConsoleRequest, problem: Problem | null): Promise<Response> {
  const setting = settingOf(request.param('setting'))
  if (setting === null) return noSuchSwitch(request)
  const asked = await askSwitch(request, setting)
  if (!asked.ok) return showProblem(request, asked.problem)
  const answer = asked.value
  const to = request.param('value')
  const { label, values } = settingWords[setting]
  const wanted = values.find(({ value }) => value === to)
  // The operation has refused any other value.
  if (wanted === undefined) return noSuchSwitch(request)
  const { people } = answer
  return show(request, {
    title: `${label}: ${wanted.word.toLowerCase()}`,
    tab: 'rollout',
    status: problem?.status ?? 200,
    children: (
      <ConfirmPage
        request={request}
        problem={problem}
        action={url(request, `/rollout/switch/${setting}/${to}`)}
        back={url(request, '/rollout')}
        verb={wanted.verb}
        means={wanted.means}
        sentences={answer.changes.map((change) => changeSentence(change, answer))}
        warnings={answer.warnings.map((warning) => warningWords[warning])}
        possible={answer.changes.length > 0}
        isGrave={false}
        version={request.org.version}
        facts={[
          ['People', peopleWords(people.counted, answer)],
          ['Active', people.active],
          ['Provisioned by SCIM', people.provisioned],
          ['Only by a first sign-in', people.onlyFirstLogin],
          ['Active connections', answer.activeConnections],
          ['SCIM tokens and clients', answer.scimCredentials],
        ]}
      />
    ),
  })
}

async function turnSwitch(request: ConsoleRequest): Promise<Response> {
  const setting = settingOf(request.param('setting'))
  if (setting === null) return noSuchSwitch(request)
  const asked = await askSwitch(request, setting)
  if (!asked.ok) return showProblem(request, asked.problem)
  const body = { ...bodyOf(setting, request.param('value')), ...shownVersion(request.form) }
  const changed = await request.call('changeOrganization', { body })
  return changed.ok
    ? go(request, url(request, `/rollout?setting=${setting}`), 'saved')
    : showSwitch(request, changed.problem)
}
