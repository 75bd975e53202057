import { described } from '#described'
import * as z from '#zod'
import { runBatch } from '../db/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import {
  deleteSession,
  endPersonSessions,
  findSession,
  listOrganizationSessions,
  listSessions,
  personHasSession,
  type SessionPlace,
  type SessionRow,
  sessionExists,
} from '../session/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId, userPath } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, newestCursor, newestCursorOf, pageOf, pageQuery } from './paging.ts'
import { personOf } from './person-of.ts'
import { refuse } from './refusal.ts'
import { organizationSessionAnswer, sessionAnswer } from './user-schema.ts'

const tag = 'Sessions'
const ofUser = '/organizations/{org}/users/{user}/sessions'
const missing = ['admin.organization_not_found', 'directory.user_not_found'] as const

export const sessionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: ofUser,
    id: 'listSessions',
    described: described(() => ({
      tag,
      summary: 'Where a user is signed in, newest first.',
      answer: pageOf(sessionAnswer),
      refusals: missing,
    })),
    params: userPath,
    query: z.strictObject(pageQuery(newestCursor('ses'))),
    async handle(request) {
      const found = await personOf(request)
      if (!found.ok) return found
      const { limit, cursor } = request.query
      const { organizationId, id: personId } = found.value.person
      const rows = await listSessions(request.db, {
        organizationId,
        personId,
        nowMs: request.nowMs,
        limit: limit + 1,
        after: cursor ?? null,
      })
      return ok(cutPage(rows, { limit, cursorOf: newestCursorOf, present: presentSession }))
    },
  }),
  endpoint({
    method: 'delete',
    path: ofUser,
    id: 'endUserSessions',
    described: described(() => ({
      tag,
      summary: 'Sign a user out everywhere.',
      refusals: missing,
    })),
    params: userPath,
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
    method: 'get',
    path: '/organizations/{org}/sessions',
    id: 'listOrganizationSessions',
    described: described(() => ({
      tag,
      summary: 'Who is signed in to an organization, the sessions of each user together.',
      answer: pageOf(organizationSessionAnswer),
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    query: z.strictObject(pageQuery(readPlace)),
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { limit, cursor } = request.query
      const page = { nowMs: request.nowMs, limit: limit + 1, after: cursor ?? null }
      const rows = await listOrganizationSessions(request.db, organization.value.id, page)
      return ok(
        cutPage(rows, {
          limit,
          cursorOf: ({ personId, createdAt, id }) => `${personId}.${createdAt}.${id}`,
          present: (row) => ({ ...presentSession(row), userName: row.userName }),
        }),
      )
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/sessions/{session}',
    id: 'endSession',
    described: described(() => ({
      tag,
      summary: 'End one session.',
      refusals: ['admin.organization_not_found', 'admin.session_not_found'],
    })),
    params: organizationPath.extend({ session: pathId }),
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

function readPlace(text: string): SessionPlace | null {
  const [, personId, createdAt, id] =
    /^(usr_\w{1,60})\.(\d{1,15})\.(ses_\w{1,60})$/.exec(text) ?? []
  return personId === undefined || createdAt === undefined || id === undefined
    ? null
    : { personId, createdAt: Number(createdAt), id }
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
