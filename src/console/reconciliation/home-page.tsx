import type { Problem } from '../../http/index.ts'
import type { CallAnswer, ConsoleRequest } from '../route.ts'
import { show, showProblem } from '../show.tsx'
import type { DriftAnswer, GraphAnswer, Listed, RunSummary, SettingsAnswer } from './answers.ts'
import { Home, type HomeProps } from './home.tsx'
import { isWorking } from './judge.ts'

type Named = { readonly id: string; readonly name: string }

/** The connections, and which of them the page is about: where there are several, one has to be named. */
export async function placeOf(request: ConsoleRequest): Promise<
  CallAnswer<{
    readonly connections: readonly Named[]
    readonly connection: string
    readonly query: Readonly<Record<string, string>>
  }>
> {
  const listed = await request.call<Listed<Named>>('listConnections')
  if (!listed.ok) return listed
  const { items: connections } = listed.value
  const asked = request.query('connection') || request.form.text('connection')
  const connection = asked || (connections.length > 1 ? (connections[0]?.id ?? '') : '')
  const query: Readonly<Record<string, string>> = connection === '' ? {} : { connection }
  return { ok: true, value: { connections, connection, query } }
}

/** Everything about reconciliation on one page. */
export async function showHome(
  request: ConsoleRequest,
  problem: Problem | null = null,
): Promise<Response> {
  const read = await readHome(request, problem)
  if (!read.ok) return showProblem(request, read.problem)
  return show(request, {
    title: 'Reconciliation',
    tab: 'reconciliation',
    status: problem?.status ?? 200,
    children: <Home {...read.value} />,
  })
}

async function readHome(
  request: ConsoleRequest,
  problem: Problem | null,
): Promise<CallAnswer<HomeProps>> {
  const place = await placeOf(request)
  if (!place.ok) return place
  const { connections, connection, query } = place.value
  const graph = await request.call<GraphAnswer>('getGraphCredential', { query })
  if (!graph.ok && graph.problem.code !== 'admin.graph_credential_not_found') return graph
  const settings = await request.call<SettingsAnswer>('getReconcileSettings', { query })
  if (!settings.ok) return settings
  const runs = await request.call<Listed<RunSummary>>('listReconcileRuns', {
    query: { limit: '10', ...cursorOf(request, 'cursor') },
  })
  if (!runs.ok) return runs
  const drift = await request.call<Listed<DriftAnswer>>('listDrift', {
    query: { limit: '25', state: 'open', ...cursorOf(request, 'drift') },
  })
  if (!drift.ok) return drift
  const { items } = runs.value
  const current = items.find((run) => isWorking(run) || run.status === 'held') ?? items[0] ?? null
  return {
    ok: true,
    value: {
      request,
      problem,
      connections,
      connection,
      current,
      graph: graph.ok ? graph.value : null,
      settings: settings.value,
      runs: runs.value,
      drift: drift.value,
    },
  }
}

function cursorOf(request: ConsoleRequest, name: string): Readonly<Record<string, string>> {
  const cursor = request.query(name)
  return cursor === '' ? {} : { cursor }
}
