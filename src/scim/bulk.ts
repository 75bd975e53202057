import { type AnyFailure, err, ok, type Result } from '../kernel/index.ts'
import { type BulkOperation, readBulk, referencesIn, resolveReferences } from './bulk-request.ts'
import { messages } from './messages.ts'
import { noPrecondition, readTags } from './preconditions.ts'
import { wholeResource } from './projection.ts'
import type { Answered, ScimAnswer, ScimRequest } from './request.ts'

type Outcome = Readonly<Record<string, unknown>>

/**
 * `POST /Bulk` (RFC 7644 3.7). Each operation is whole or not at all, and a batch of its own. An operation
 * that names another one by `bulkId:` is carried out after it, whatever their order; where two name each
 * other, one is made without the reference, which is added once both are there (3.7.1).
 */
export async function bulk(request: ScimRequest): Answered {
  const read = readBulk(request.body)
  if (!read.ok) return read
  const { operations, failOnErrors } = read.value
  const run = new BulkRun(request, operations)
  for (const operation of operations) {
    if (failOnErrors !== null && run.errors >= failOnErrors) break
    await run.carryOut(operation)
  }
  await run.closeCircles()
  const outcomes = operations.flatMap((one) => run.outcomes.get(one) ?? [])
  return ok({
    status: 200,
    resource: { schemas: [messages.bulkResponse], Operations: outcomes },
  })
}

class BulkRun {
  readonly outcomes = new Map<BulkOperation, Outcome>()
  errors = 0
  readonly #request: ScimRequest
  readonly #byBulkId: ReadonlyMap<string, BulkOperation>
  readonly #ids = new Map<string, string>()
  readonly #underWay = new Set<BulkOperation>()
  /** Operations made without some of their references, with the attributes that were left out. */
  readonly #open = new Map<BulkOperation, Readonly<Record<string, unknown>>>()

  constructor(request: ScimRequest, operations: readonly BulkOperation[]) {
    this.#request = request
    this.#byBulkId = new Map(
      operations.flatMap((one) =>
        one.bulkId === null || one.method !== 'POST' ? [] : [[one.bulkId, one] as const],
      ),
    )
  }

  /** Carries out an operation after those that it refers to; does nothing the second time. */
  async carryOut(operation: BulkOperation): Promise<void> {
    if (this.outcomes.has(operation) || this.#underWay.has(operation)) return
    this.#underWay.add(operation)
    for (const bulkId of referencesIn([operation.path, operation.data])) {
      const other = this.#byBulkId.get(bulkId)
      if (other !== undefined) await this.carryOut(other)
    }
    this.#underWay.delete(operation)
    const resolved = this.#resolve(operation)
    if (!resolved.ok) return this.#note(operation, resolved)
    const { path, data, left } = resolved.value
    const result = await this.#send(operation, { path, data })
    this.#note(operation, result)
    if (result.ok && Object.keys(left).length > 0) this.#open.set(operation, left)
  }

  /** Adds the references that were left out, now that everything they name has been made. */
  async closeCircles(): Promise<void> {
    for (const [operation, left] of this.#open) {
      const id = this.#ids.get(operation.bulkId ?? '') ?? operation.path.split('/')[2]
      const { value, unresolved } = resolveReferences(left, this.#ids)
      const [missing] = unresolved
      if (missing !== undefined) {
        this.#note(operation, unknownReference(missing))
        continue
      }
      const [, resource] = operation.path.split('/')
      const data = { schemas: [messages.patch], Operations: [{ op: 'add', value }] }
      const result = await this.#send(
        { ...operation, method: 'PATCH', version: null },
        { path: `/${resource}/${id}`, data },
      )
      if (!result.ok) this.#note(operation, result)
    }
  }

  #resolve(
    operation: BulkOperation,
  ): Result<{ path: string; data: unknown; left: Readonly<Record<string, unknown>> }, AnyFailure> {
    const path = resolveReferences(operation.path.split('/'), this.#ids)
    const [nowhere] = path.unresolved
    if (nowhere !== undefined) return unknownReference(nowhere)
    const { value, unresolved, left } = resolveReferences(operation.data, this.#ids)
    // What is not being made at this moment will never be.
    const missing = unresolved.find((bulkId) => {
      const other = this.#byBulkId.get(bulkId)
      return other === undefined || !this.#underWay.has(other)
    })
    if (missing !== undefined) return unknownReference(missing)
    return ok({ path: (path.value as string[]).join('/'), data: value, left })
  }

  #send(operation: BulkOperation, { path, data }: { path: string; data: unknown }) {
    const ifMatch = readTags(operation.version)
    return this.#request.perform(
      { method: operation.method, path },
      {
        ...this.#request,
        body: data,
        projection: wholeResource,
        precondition: { ...noPrecondition, ifMatch },
      },
    )
  }

  #note(operation: BulkOperation, result: Result<ScimAnswer, AnyFailure>): void {
    const { method, bulkId, path } = operation
    const named = { method, ...(bulkId === null ? {} : { bulkId }) }
    if (!result.ok) {
      this.errors++
      const location = method === 'POST' ? {} : { location: `${this.#request.baseUrl}${path}` }
      const response = this.#request.explain(result.failure)
      this.outcomes.set(operation, { ...named, ...location, status: response.status, response })
      return
    }
    const { status, location, version } = result.value
    const id = location?.split('/').at(-1)
    if (bulkId !== null && id !== undefined) this.#ids.set(bulkId, id)
    this.outcomes.set(operation, {
      ...named,
      location: location ?? `${this.#request.baseUrl}${path}`,
      ...(version === undefined ? {} : { version }),
      status: String(status),
    })
  }
}

function unknownReference(bulkId: string): Result<never, AnyFailure> {
  const detail = `bulkId:${bulkId.slice(0, 64)} names no POST of this Bulk request that succeeded.`
  return err({ code: 'scim.invalid_value', detail } as AnyFailure)
}
