import { described } from '#described'
import type * as z from '#zod'
import { runBatch, type Statement } from '../db/index.ts'
import { foldCase, limits, ok, type Result, toIso } from '../kernel/index.ts'
import {
  type ConnectionRecord,
  connectionAt,
  deleteTester,
  insertTester,
  type TesterRow,
  updateConnection,
} from '../saml/index.ts'
import { attempts } from './change-organization.ts'
import { connectionOf } from './connection-of.ts'
import { connectionPath } from './connection-schema.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { pageOf } from './paging.ts'
import { type Refusal, refuse } from './refusal.ts'
import { addTester, testerAnswer, testerSchema } from './tester-schema.ts'

const tag = 'Testers'
const path = '/organizations/{org}/connections/{connection}/testers'
const missing = ['admin.organization_not_found', 'admin.connection_not_found'] as const

export const testerEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    id: 'listTesters',
    described: described(() => ({
      tag,
      summary: 'Who may sign in while the connection is being tested.',
      answer: pageOf(testerAnswer),
      refusals: missing,
    })),
    params: connectionPath,
    async handle(request) {
      const found = await connectionOf(request)
      if (!found.ok) return found
      return ok({ items: found.value.testers.map(presentTester), nextCursor: null })
    },
  }),
  endpoint({
    method: 'post',
    path,
    id: 'addTester',
    described: described(() => ({
      tag,
      summary: 'Name a tester by object id, user principal name or NameID.',
      description: 'Somebody who is a tester already stays one, so the request can be repeated.',
      answer: testerAnswer,
      refusals: [...missing, 'admin.limit_reached', 'admin.write_conflict'],
    })),
    params: connectionPath,
    body: addTester,
    created: true,
    async handle(request) {
      const { db, body, nowMs } = request
      return change(request, ({ connection, testers }) => {
        const known = testers.find((tester) => isSame(tester, body))
        if (known !== undefined) return ok({ tester: known, statement: null })
        if (testers.length >= limits.testersPerConnection) {
          const message = `would be one more than ${limits.testersPerConnection} of the connection`
          return refuse('admin.limit_reached', { field: 'value', message })
        }
        const tester = {
          connectionId: connection.id,
          organizationId: connection.organizationId,
          ...body,
          valueKey: valueKey(body),
          createdAt: nowMs,
        }
        return ok({ tester, statement: insertTester(db, tester, connectionAt(connection)) })
      })
    },
  }),
  endpoint({
    method: 'delete',
    path,
    id: 'removeTester',
    described: described(() => ({
      tag,
      summary: 'Take somebody from the testers.',
      refusals: [...missing, 'admin.tester_not_found', 'admin.write_conflict'],
    })),
    params: connectionPath,
    query: testerSchema,
    async handle(request) {
      const { db, query } = request
      const changed = await change(request, ({ connection, testers }) => {
        const tester = testers.find((each) => isSame(each, query))
        return tester === undefined
          ? refuse('admin.tester_not_found')
          : ok({ tester, statement: deleteTester(db, tester, connectionAt(connection)) })
      })
      return changed.ok ? ok(null) : changed
    },
  }),
]

type Named = Pick<TesterRow, 'kind' | 'value'>
type Planned = { readonly tester: TesterRow; readonly statement: Statement | null }

/** Changes the list in one batch with the connection's version, so that a sign-in under way is judged anew. */
async function change(
  request: AdminRequest<{ org: string; connection: string }>,
  plan: (record: ConnectionRecord) => Result<Planned, Refusal>,
): Promise<Result<z.input<typeof testerAnswer>, Refusal>> {
  const { db, nowMs } = request
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await connectionOf(request)
    if (!found.ok) return found
    const planned = plan(found.value)
    if (!planned.ok) return planned
    const { tester, statement } = planned.value
    if (statement === null) return ok(presentTester(tester))
    const { connection } = found.value
    const isAdded = !found.value.testers.includes(tester)
    const results = await runBatch(db, [
      statement,
      ...operatorEvent(
        request,
        {
          type: isAdded ? 'connection.tester_added' : 'connection.tester_removed',
          organizationId: connection.organizationId,
          connectionId: connection.id,
          facts: { kind: tester.kind },
          detail: { value: tester.value },
        },
        connectionAt(connection),
      ),
      updateConnection(db, { before: connection, set: {}, nowMs }),
    ])
    if ((results.at(-1) as readonly unknown[]).length === 1) return ok(presentTester(tester))
  }
  return refuse('admin.write_conflict')
}

/** Object ids and user principal names are compared without case, NameIDs exactly. */
function valueKey({ kind, value }: Named): string {
  return kind === 'nameId' ? value : foldCase(value)
}

function isSame(tester: TesterRow, named: Named): boolean {
  return tester.kind === named.kind && tester.valueKey === valueKey(named)
}

function presentTester(row: TesterRow): z.input<typeof testerAnswer> {
  return { kind: row.kind, value: row.value, createdAt: toIso(row.createdAt) }
}
