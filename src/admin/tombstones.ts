import { described } from '#described'
import * as z from '#zod'
import { runBatch } from '../db/index.ts'
import { liftTombstones, listTombstones, tombstoneStands } from '../directory/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, userPath } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, idCursor, pageOf, pageQuery } from './paging.ts'
import { refuse } from './refusal.ts'
import { tombstoneAnswer } from './user-schema.ts'

const tag = 'Tombstones'

export const tombstoneEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/organizations/{org}/tombstones',
    id: 'listTombstones',
    described: described(() => ({
      tag,
      summary: 'Erased users over whom a first sign-in does not create.',
      answer: pageOf(tombstoneAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(idCursor('usr'))),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const rows = await listTombstones(request.db, organization.value.id, {
        after: cursor ?? '',
        limit: limit + 1,
      })
      return ok(
        cutPage(rows, {
          limit,
          cursorOf: ({ personId }) => personId,
          present: ({ personId, at }) => ({ user: personId, at: toIso(at) }),
        }),
      )
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/tombstones/{user}',
    id: 'liftTombstone',
    described: described(() => ({
      tag,
      summary: 'Let a first sign-in create over an erased user again, as a new person.',
      refusals: ['admin.organization_not_found', 'admin.tombstone_not_found'],
    })),
    params: userPath,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db, nowMs, params } = request
      const key = { organizationId: organization.value.id, personId: params.user }
      const results = await runBatch(db, [
        ...operatorEvent(request, { type: 'user.tombstone_lifted', ...key }, tombstoneStands(key)),
        liftTombstones(db, { ...key, nowMs }),
      ])
      return (results.at(-1) as readonly unknown[]).length > 0
        ? ok(null)
        : refuse('admin.tombstone_not_found')
    },
  }),
]
