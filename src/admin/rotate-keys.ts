import { described } from '#described'
import type * as z from '#zod'
import { runBatch, type Statement } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import {
  type ConnectionKeyRow,
  type ConnectionRecord,
  connectionAt,
  createConnectionKey,
  deleteConnectionKey,
  insertConnectionKey,
  setKeyState,
  updateConnection,
} from '../saml/index.ts'
import { attempts } from './change-organization.ts'
import { connectionOf } from './connection-of.ts'
import {
  connectionAnswer,
  connectionPath,
  rotateKeys as rotateKeysSchema,
} from './connection-schema.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { presentConnection } from './present-connection.ts'
import { type Refusal, refuse } from './refusal.ts'
import { checkLinkLimit } from './setup-link-limit.ts'

export const rotateKeysEndpoint: Endpoint = endpoint({
  method: 'post',
  path: '/organizations/{org}/connections/{connection}/rotate-keys',
  id: 'rotateKeys',
  described: described(() => ({
    tag: 'Connections',
    summary: 'Take a step in replacing Portico’s own key pairs.',
    description:
      'Prepare publishes the next certificate in our metadata; once the provider has it, switch uses it and keeps the old one for what is under way; retire deletes that. Preparing twice prepares once.',
    answer: connectionAnswer,
    refusals: [
      'admin.organization_not_found',
      'admin.connection_not_found',
      'admin.no_next_key',
      'admin.write_conflict',
    ],
  })),
  params: connectionPath,
  body: rotateKeysSchema,
  bodyOptional: true,
  async handle(request) {
    const { deps, nowMs } = request
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await connectionOf(request)
      if (!before.ok) return before
      const permitted = checkLinkLimit(request.principal, before.value.connection.status)
      if (!permitted.ok) return permitted
      const steps = planRotation(before.value, request.body)
      if (!steps.ok) return steps
      const isDone = steps.value.length === 0
      if (!isDone && !(await write(request, before.value, steps.value))) continue
      const after = isDone ? before : await connectionOf(request)
      return after.ok
        ? ok(await presentConnection(after.value, { config: deps.config, nowMs }))
        : after
    }
    return refuse('admin.write_conflict')
  },
})

type RotateRequest = AdminRequest<unknown, unknown, z.output<typeof rotateKeysSchema>>
type Purpose = ConnectionKeyRow['purpose']

/** One step for the key pairs of one purpose. */
type Step =
  | { readonly kind: 'prepare'; readonly purpose: Purpose }
  | {
      readonly kind: 'switch'
      readonly purpose: Purpose
      readonly next: ConnectionKeyRow
      readonly active: readonly ConnectionKeyRow[]
      readonly previous: readonly ConnectionKeyRow[]
    }
  | {
      readonly kind: 'retire'
      readonly purpose: Purpose
      readonly previous: readonly ConnectionKeyRow[]
    }

/** What a request asks for, given the key pairs there are; nothing when it is so already. Pure. */
function planRotation(
  { keys }: ConnectionRecord,
  { purpose, step }: RotateRequest['body'],
): Result<readonly Step[], Refusal> {
  const purposes: readonly Purpose[] = purpose === undefined ? ['signing', 'encryption'] : [purpose]
  const isPrepared = purposes.every((each) => inState(each, 'next').length > 0)
  const kind = step ?? (isPrepared ? 'switch' : 'prepare')
  const steps = purposes.flatMap((each): readonly Step[] => {
    const [next] = inState(each, 'next')
    const previous = inState(each, 'previous')
    if (kind === 'prepare') return next === undefined ? [{ kind, purpose: each }] : []
    if (kind === 'retire') return previous.length === 0 ? [] : [{ kind, purpose: each, previous }]
    const active = inState(each, 'active')
    return next === undefined ? [] : [{ kind, purpose: each, next, active, previous }]
  })
  if (steps.length > 0 || kind === 'prepare') return ok(steps)
  const message = `finds no ${kind === 'switch' ? 'next' : 'previous'} key to ${kind}`
  return refuse('admin.no_next_key', { field: 'step', message })

  function inState(of: Purpose, state: ConnectionKeyRow['state']) {
    return keys.filter((key) => key.purpose === of && key.state === state)
  }
}

/** @returns whether it was written; false when the connection changed in between */
async function write(
  request: RotateRequest,
  { connection }: ConnectionRecord,
  steps: readonly Step[],
): Promise<boolean> {
  const { db, deps, nowMs } = request
  const key = { organizationId: connection.organizationId, connectionId: connection.id }
  const guard = connectionAt(connection)
  const statements = await Promise.all(steps.map(statementsOf))
  const results = await runBatch(db, [
    ...statements.flat(),
    ...operatorEvent(
      request,
      {
        type: 'connection.keys_rotated',
        ...key,
        facts: {
          step: steps[0]?.kind,
          purposes: steps.map(({ purpose }) => purpose),
        },
      },
      guard,
    ),
    updateConnection(db, { before: connection, set: {}, nowMs }),
  ])
  return (results.at(-1) as readonly unknown[]).length === 1

  async function statementsOf(step: Step): Promise<readonly Statement[]> {
    if (step.kind === 'prepare') {
      const row = await createConnectionKey({
        key,
        purpose: step.purpose,
        state: 'next',
        ring: deps.config.keyRing,
        random: deps.random,
        nowMs,
      })
      return [insertConnectionKey(db, row, guard)]
    }
    const removed = step.previous.map((row) => deleteConnectionKey(db, row, guard))
    if (step.kind === 'retire') return removed
    return [
      ...removed,
      ...step.active.map((row) => setKeyState(db, { row, state: 'previous', guard })),
      setKeyState(db, { row: step.next, state: 'active', guard }),
    ]
  }
}
