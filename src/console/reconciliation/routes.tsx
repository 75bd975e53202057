import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, show, showProblem, url } from '../show.tsx'
import { Card } from '../ui/index.ts'
import type { DriftAnswer, RunAnswer, SettingsAnswer } from './answers.ts'
import { placeOf, showHome } from './home-page.tsx'
import { showLive, showRun } from './run-page.tsx'
import { settingsChange, settingsShown } from './settings-fields.ts'
import { SettingsForm } from './settings-form.tsx'

const path = '/o/{org}/reconciliation'

export const reconciliationRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: (request) => showHome(request) },
  { method: 'post', path, handle: start },
  { method: 'post', path: `${path}/check`, handle: check },
  { method: 'get', path: `${path}/settings`, handle: (request) => showSettings(request) },
  { method: 'post', path: `${path}/settings`, handle: changeSettings },
  { method: 'get', path: `${path}/runs/{run}`, handle: (request) => showRun(request) },
  { method: 'get', path: `${path}/runs/{run}/live`, handle: showLive },
  { method: 'post', path: `${path}/runs/{run}`, handle: decideRun },
  { method: 'post', path: `${path}/drift/{drift}`, handle: decideDrift },
]

const tab = 'reconciliation'

async function start(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const connection = form.text('connection')
  const body = {
    dryRun: form.text('do') === 'dry',
    full: form.has('full'),
    ...(connection === '' ? {} : { connection }),
  }
  const made = await request.call<RunAnswer>('createReconcileRun', { body })
  return made.ok
    ? go(request, url(request, `/reconciliation/runs/${made.value.id}`), 'started')
    : showHome(request, made.problem)
}

async function check(request: ConsoleRequest): Promise<Response> {
  const place = await placeOf(request)
  if (!place.ok) return showProblem(request, place.problem)
  const checked = await request.call<unknown>('checkGraph', { query: place.value.query })
  return checked.ok
    ? go(request, placed(request, place.value, ''), 'graph_checked')
    : showHome(request, checked.problem)
}

/** A page of reconciliation about the same connection. */
function placed(
  request: ConsoleRequest,
  { connection }: { readonly connection: string },
  page: string,
): string {
  const query = connection === '' ? '' : `?connection=${connection}`
  return `${url(request, `/reconciliation${page}`)}${query}`
}

async function showSettings(
  request: ConsoleRequest,
  problem: Problem | null = null,
): Promise<Response> {
  const place = await placeOf(request)
  if (!place.ok) return showProblem(request, place.problem)
  const { query, connection } = place.value
  const settings = await request.call<SettingsAnswer>('getReconcileSettings', { query })
  if (!settings.ok) return showProblem(request, settings.problem)
  return show(request, {
    title: 'Schedule and policies',
    tab,
    status: problem?.status ?? 200,
    children: (
      <Card>
        {' '}
        <SettingsForm
          request={request}
          settings={settings.value}
          connection={connection}
          problem={problem}
        />
      </Card>
    ),
  })
}

async function changeSettings(request: ConsoleRequest): Promise<Response> {
  const place = await placeOf(request)
  if (!place.ok) return showProblem(request, place.problem)
  const { query } = place.value
  const before = await request.call<SettingsAnswer>('getReconcileSettings', { query })
  if (!before.ok) return showProblem(request, before.problem)
  const body = settingsChange(request.form, settingsShown(request.form, before.value))
  const back = placed(request, place.value, '/settings')
  if (Object.keys(body).length === 0) return go(request, back, 'unchanged')
  const changed = await request.call<unknown>('changeReconcileSettings', { query, body })
  return changed.ok ? go(request, back, 'saved') : showSettings(request, changed.problem)
}

async function decideRun(request: ConsoleRequest): Promise<Response> {
  const params = { run: request.param('run') }
  const isRelease = request.form.text('do') === 'release'
  const operation = isRelease ? 'releaseReconcileRun' : 'cancelReconcileRun'
  const decided = await request.call<RunAnswer>(operation, { params })
  if (!decided.ok) return showRun(request, decided.problem)
  const page = url(request, `/reconciliation/runs/${decided.value.id}`)
  return go(request, page, isRelease ? 'run_released' : 'run_ended')
}

async function decideDrift(request: ConsoleRequest): Promise<Response> {
  const params = { drift: request.param('drift') }
  const isAccepted = request.form.text('do') === 'accept'
  const operation = isAccepted ? 'acceptDrift' : 'dismissDrift'
  const decided = await request.call<DriftAnswer>(operation, { params })
  if (!decided.ok) return showHome(request, decided.problem)
  // Back to the list that it was decided in: the run's own, or the one of all that is open.
  const isRun = request.form.text('back') === `/reconciliation/runs/${decided.value.run}`
  const back = isRun ? `/reconciliation/runs/${decided.value.run}` : '/reconciliation'
  return go(request, url(request, back), isAccepted ? 'drift_accepted' : 'drift_dismissed')
}
