import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { fragment, show, showProblem, url } from '../show.tsx'
import { Card, Empty, Pages, ProblemBox } from '../ui/index.ts'
import type { DriftAnswer, Listed, RunAnswer, SettingsAnswer } from './answers.ts'
import { DriftTable, Meaning } from './drift-table.tsx'
import { choices, isWorking, runName } from './judge.ts'
import { RunState } from './run-parts.tsx'

/** One run: where it stands and what it found. */
export async function showRun(
  request: ConsoleRequest,
  problem: Problem | null = null,
): Promise<Response> {
  const params = { run: request.param('run') }
  const found = await request.call<RunAnswer>('getReconcileRun', { params })
  if (!found.ok) return showProblem(request, found.problem)
  const run = found.value
  const more = request.query('cursor')
  const paged =
    more === ''
      ? null
      : await request.call<Listed<DriftAnswer>>('listRunDrift', { params, query: { cursor: more } })
  if (paged !== null && !paged.ok) return showProblem(request, paged.problem)
  const items = paged === null ? run.drift : paged.value.items
  const next = paged === null ? run.nextDrift : paged.value.nextCursor
  const settings = await request.call<SettingsAnswer>('getReconcileSettings', {
    query: run.connection === null ? {} : { connection: run.connection },
  })
  const page = url(request, `/reconciliation/runs/${run.id}`)
  return show(request, {
    title: runName(run),
    tab: 'reconciliation',
    status: problem?.status ?? 200,
    children: (
      <>
        <Card>
          {problem !== null && <ProblemBox problem={problem} />}
          <RunState request={request} run={run} />
        </Card>
        <Card title="What it found">
          {items.length === 0 ? (
            <Empty title="No difference" />
          ) : (
            <>
              {items.some((item) => choices(item).dismiss) && <Meaning request={request} />}
              <DriftTable
                request={request}
                items={items}
                policies={settings.ok ? settings.value.policies : {}}
                back={`/reconciliation/runs/${run.id}`}
              />
            </>
          )}
          <Pages
            next={next === null ? null : `${page}?cursor=${next}`}
            first={more === '' ? null : page}
          />
        </Card>
        <p>
          <a href={url(request, '/reconciliation')}>Back to reconciliation</a>
        </p>
      </>
    ),
  })
}

/** Where a run stands, for the part of its page that asks again. */
export async function showLive(request: ConsoleRequest): Promise<Response> {
  const params = { run: request.param('run') }
  const found = await request.call<RunAnswer>('getReconcileRun', { params })
  if (!found.ok) return showProblem(request, found.problem)
  // What it found stands elsewhere on the page, so the whole page is asked once it is over.
  if (!isWorking(found.value)) request.c.header('HX-Refresh', 'true')
  return fragment(request, <RunState request={request} run={found.value} />)
}
