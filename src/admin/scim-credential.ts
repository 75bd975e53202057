import type * as z from '#zod'
import { type Guard, runBatch, type Statement } from '../db/index.ts'
import type { Err } from '../kernel/index.ts'
import { readCount } from '../scim/index.ts'
import type { CreationOutcome } from './create-store.ts'
import type { AdminRequest } from './endpoint.ts'
import { replayedHeader } from './idempotency.ts'
import { type OperatorEvent, operatorEvent } from './operator-event.ts'
import { credentialChange } from './present-scim.ts'
import { type Refusal, refuse } from './refusal.ts'
import { refuseMany } from './scim-connection.ts'
import type { changeScimCredential } from './scim-schema.ts'

type Body = z.output<typeof changeScimCredential>

type Writing = {
  readonly event: OperatorEvent
  /** Whether the credential is there. */
  readonly guard: Guard
  /** The last one answers with the row that it wrote. */
  readonly write: readonly Statement[]
}

/**
 * Changes or deletes a SCIM credential and tells it, in one batch.
 * @returns the row as it is or was, or null when it went in between
 */
export async function writeCredential<Row>(
  request: AdminRequest,
  { event, guard, write }: Writing,
): Promise<Row | null> {
  const results = await runBatch(request.db, [...operatorEvent(request, event, guard), ...write])
  const [row] = results.at(-1) as readonly Row[]
  return row ?? null
}

type Changing<Row> = Omit<Writing, 'write'> & {
  readonly write: (change: ReturnType<typeof credentialChange>['change']) => Statement
  readonly before: Row
}

/** Renames, disables or enables a SCIM credential. What is so already is not written. */
export async function changeCredential<
  Row extends { readonly name: string; readonly disabledAt: number | null },
>(
  request: AdminRequest<unknown, unknown, Body>,
  { before, event, guard, write }: Changing<Row>,
): Promise<Row | null> {
  const { body, nowMs } = request
  const { change, changed } = credentialChange(before, body, nowMs)
  if (changed.length === 0) return before
  const facts = { ...event.facts, changed, ...body }
  return writeCredential(request, {
    event: { ...event, facts },
    guard,
    write: [write(change)],
  })
}

/**
 * What becomes of a create that this request did not carry out: the refusal, or the id of what the same request
 * made before, and the answer says that it is a repeat.
 * @param what such credentials in words, and how many an organization may have
 */
export function earlierOrRefused(
  { c }: Pick<AdminRequest, 'c'>,
  outcome: Exclude<CreationOutcome, { kind: 'created' }>,
  { what, most }: { readonly what: string; readonly most: number },
): Err<Refusal> | { readonly ok: true; readonly value: string } {
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') {
    return readCount(outcome.answers[0]) >= most
      ? refuseMany(`has ${most} ${what}, as many as it may`)
      : refuse('admin.write_conflict')
  }
  c.header(replayedHeader, 'true')
  return { ok: true, value: outcome.resourceId }
}
