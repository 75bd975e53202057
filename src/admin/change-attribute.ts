import type * as z from '#zod'
import { type Guard, runBatch } from '../db/index.ts'
import {
  addableQuery,
  attributeAt,
  type CustomAttributeRow,
  foldKey,
  insertAttribute,
  mappingMoved,
  mayAddAttribute,
  readAddable,
  updateAttribute,
} from '../directory/index.ts'
import { limits, ok, type Result, toIso } from '../kernel/index.ts'
import { checkDefault } from './attribute-default.ts'
import type { changeAttribute, createAttribute } from './attribute-schema.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { type AttributeAnswer, presentAttribute } from './present-attribute.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'
import { resolveBehind } from './resolve-behind.ts'

/** Defines an attribute in one batch with its event and the re-resolve that it asks for. */
export async function createAttributeOnce(
  request: AdminRequest<unknown, unknown, z.output<typeof createAttribute>>,
  organizationId: string,
): Promise<Result<AttributeAnswer, Refusal>> {
  const { body, db, nowMs } = request
  const row: CustomAttributeRow = {
    organizationId,
    key: body.key,
    keyFolded: foldKey(body.key),
    label: body.label,
    description: body.description ?? null,
    type: body.type ?? 'string',
    multiValued: body.multiValued ?? false,
    defaultValue: body.default ?? null,
    required: body.required ?? false,
    createdAt: nowMs,
    updatedAt: nowMs,
  }
  const wrong = checkDefault(row.defaultValue, row)
  if (wrong !== null) return refuseFields(wrong)
  const guard = mayAddAttribute(row)
  const { key, type, multiValued } = row
  const results = await runBatch(db, [
    addableQuery(db, row),
    ...operatorEvent(
      request,
      { type: 'attribute.created', organizationId, facts: { key, type, multiValued } },
      guard,
    ),
    ...mappingMoved(db, { organizationId, nowMs, guard }),
    insertAttribute(db, row, guard),
  ])
  const outcome = readAddable(results[0])
  if (outcome === 'taken') {
    return refuse('admin.attribute_taken', { field: 'key', message: 'is another attribute’s' })
  }
  if (outcome === 'full') {
    const message = `would be one more than ${limits.attributesPerOrganization} of the organization`
    return refuse('admin.limit_reached', { field: 'key', message })
  }
  resolveBehind(request, organizationId)
  return ok(presentAttribute(row))
}

/** Changes an attribute in one batch; where nothing changes, nothing is written. */
export async function changeAttributeOnce(
  request: AdminRequest<unknown, unknown, z.output<typeof changeAttribute>>,
  before: CustomAttributeRow,
): Promise<Result<AttributeAnswer, Refusal>> {
  const { body, db, nowMs } = request
  const { default: defaultValue, updatedAt: shownAt, ...rest } = body
  if (shownAt !== undefined && shownAt !== toIso(before.updatedAt)) {
    const message = `is ${toIso(before.updatedAt)} by now`
    return refuse('admin.changed_since', { field: 'updatedAt', message })
  }
  const wanted = { ...rest, ...(defaultValue === undefined ? {} : { defaultValue }) }
  const set = Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) =>
        value !== undefined &&
        JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof wanted]),
    ),
  ) as Partial<CustomAttributeRow>
  const after = { ...before, ...set }
  const wrong = checkDefault(after.defaultValue, after)
  if (wrong !== null) return refuseFields(wrong)
  const changed = Object.keys(set).map((name) => (name === 'defaultValue' ? 'default' : name))
  if (changed.length === 0) return ok(presentAttribute(before))
  const results = await runBatch(db, [
    ...changeStatements(request, before, {
      type: 'attribute.updated',
      facts: { changed },
      guard: attributeAt(before),
    }),
    updateAttribute(db, before, { ...set, updatedAt: nowMs }),
  ])
  const [row] = results.at(-1) as readonly CustomAttributeRow[]
  if (row === undefined) return refuse('admin.write_conflict')
  resolveBehind(request, before.organizationId)
  return ok(presentAttribute(row))
}

/** What goes with every change of an attribute that is there. */
export function changeStatements(
  request: AdminRequest,
  { organizationId, key }: CustomAttributeRow,
  {
    type,
    facts,
    guard,
  }: { type: 'attribute.updated' | 'attribute.deleted'; facts: object; guard: Guard },
) {
  return [
    ...operatorEvent(request, { type, organizationId, facts: { key, ...facts } }, guard),
    ...mappingMoved(request.db, { organizationId, nowMs: request.nowMs, guard }),
  ]
}
