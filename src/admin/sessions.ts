import { runBatch } from '../db/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import {
  deleteSession,
  endPersonSessions,
  findSession,
  listSessions,
  personHasSession,
  type SessionRow,
  sessionExists,
} from '../session/index.ts'
import { z } from './api.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId, userPath } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, pageOf, pageQuery } from './paging.ts'
import { personOf } from './person-of.ts'
import { refuse, refuseFields } from './refusal.ts'
import { sessionAnswer } from './user-schema.ts'

const tag = 'Sessions'
const ofUser = '/organizations/{org}/users/{user}/sessions'
const missing = ['admin.organization_not_found', 'directory.user_not_found'] as const

export const sessionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: ofUser,
    id: 'listSessions',
    tag,
    summary: 'Where a user is signed in, newest first.',
    params: userPath,
    query: z.strictObject(pageQuery),
    answer: pageOf(sessionAnswer),
    refusals: missing,
    async handle(request) {
      const found = await personOf(request)
      if (!found.ok) return found
      const { limit, cursor } = request.query
      const after = cursor === undefined ? null : readCursor(cursor)
      if (cursor !== undefined && after === null) {
        return refuseFields({ field: 'cursor', message: 'is not one of this list' })
      }
      const { organizationId, id: personId } = found.value.person
      const rows = await listSessions(request.db, {
        organizationId,
        personId,
        nowMs: request.nowMs,
        limit: limit + 1,
        after,
      })
      return ok(cutPage(rows, { limit, cursorOf, present: presentSession }))
    },
  }),
  endpoint({
    method: 'delete',
    path: ofUser,
    id: 'endUserSessions',
    tag,
    summary: 'Sign a user out everywhere.',
    params: userPath,
    refusals: missing,
    async handle(request) {
      const found = await personOf(request)
      if (!found.ok) return found
      const { organizationId, id: personId } = found.value.person
      await runBatch(request.db, [
        ...operatorEvent(
          request,
          { type: 'session.revoked', organizationId, personId, facts: { session: 'all' } },
          personHasSession(organizationId, personId),
        ),
        endPersonSessions(request.db, { organizationId, personId }),
      ])
      return ok(null)
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/sessions/{session}',
    id: 'endSession',
    tag,
    summary: 'End one session.',
    params: organizationPath.extend({ session: pathId }),
    refusals: ['admin.organization_not_found', 'admin.session_not_found'],
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db, params } = request
      const organizationId = organization.value.id
      const found = await findSession(db, organizationId, params.session)
      if (found === null) return refuse('admin.session_not_found')
      await runBatch(db, [
        ...operatorEvent(
          request,
          {
            type: 'session.revoked',
            organizationId,
            personId: found.personId,
            ...(found.connectionId === null ? {} : { connectionId: found.connectionId }),
            facts: { session: found.id },
          },
          sessionExists(organizationId, found.id),
        ),
        deleteSession(db, organizationId, found.id),
      ])
      return ok(null)
    },
  }),
]

function cursorOf({ createdAt, id }: SessionRow): string {
  return `${createdAt}.${id}`
}

function readCursor(cursor: string): { createdAt: number; id: string } | null {
  const match = /^(\d{1,15})\.(ses_\w{1,60})$/.exec(cursor)
  return match === null ? null : { createdAt: Number(match[1]), id: match[2] ?? '' }
}

function presentSession(row: SessionRow): z.input<typeof sessionAnswer> {
  return {
    id: row.id,
    user: row.personId,
    connection: row.connectionId,
    userAgent: row.userAgent,
    createdAt: toIso(row.createdAt),
    expiresAt: toIso(row.expiresAt),
  }
}
