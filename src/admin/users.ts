import { described } from '#described'
import type * as z from '#zod'
import { always, type Guard, runBatch, type Statement } from '../db/index.ts'
import {
  type PersonKey,
  type PersonWithViews,
  personIsBlocked,
  personIsCurrent,
  retirePerson,
  setManualBlock,
} from '../directory/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import { endPersonSessions } from '../session/index.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { userPath } from './fields.ts'
import { listUsersEndpoint } from './list-users.ts'
import { operatorEvent } from './operator-event.ts'
import { type PersonOfOrganization, personOf } from './person-of.ts'
import { presentUsers } from './present-user.ts'
import { type Refusal, refuse } from './refusal.ts'
import { mergeUser, userAnswer } from './user-schema.ts'

const tag = 'Users'
const missing = ['admin.organization_not_found', 'directory.user_not_found'] as const

export const userEndpoints: readonly Endpoint[] = [
  listUsersEndpoint,
  endpoint({
    method: 'get',
    path: '/organizations/{org}/users/{user}',
    id: 'getUser',
    described: described(() => ({
      tag,
      summary: 'One user: the profile, where each value came from, and what each source said.',
      answer: userAnswer,
      refusals: missing,
    })),
    params: userPath,
    async handle(request) {
      const found = await personOf(request)
      return found.ok ? show(request, found.value) : found
    },
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/users/{user}/block',
    id: 'blockUser',
    described: described(() => ({
      tag,
      summary: 'Deny a user by hand and end their sessions; no source lifts that.',
      answer: userAnswer,
      refusals: [...missing, 'directory.user_retired'],
    })),
    params: userPath,
    handle: (request) => setBlock(request, true),
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/users/{user}/unblock',
    id: 'unblockUser',
    described: described(() => ({
      tag,
      summary: 'Lift the block; the user is active when no source denies them.',
      answer: userAnswer,
      refusals: [...missing, 'directory.user_retired'],
    })),
    params: userPath,
    handle: (request) => setBlock(request, false),
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/users/{user}/retire',
    id: 'retireUser',
    described: described(() => ({
      tag,
      summary:
        'Retire a user for good: sessions end, and the user name is free for its next owner.',
      answer: userAnswer,
      refusals: missing,
    })),
    params: userPath,
    async handle(request) {
      const found = await personOf(request)
      if (!found.ok) return found
      const key = keyOf(found.value)
      return change(request, {
        type: 'user.retired',
        key,
        guard: personIsCurrent(key),
        statements: (guard) => [
          endPersonSessions(request.db, { ...key, guard }),
          retirePerson(request.db, { ...key, nowMs: request.nowMs }),
        ],
      })
    },
  }),
  endpoint({
    method: 'post',
    path: '/organizations/{org}/users/{user}/merge',
    id: 'mergeUser',
    described: described(() => ({
      tag,
      summary: 'Always refused: two people never become one.',
      description:
        'One of two users with different object ids would get the access of the other. Retire the one who is no longer real.',
      answer: userAnswer,
      refusals: [...missing, 'directory.merge_refused'],
    })),
    params: userPath,
    body: mergeUser,
    async handle(request) {
      const found = await personOf(request)
      if (!found.ok) return found
      const key = keyOf(found.value)
      const other = await personOf({
        ...request,
        params: { ...request.params, user: request.body.into },
      })
      if (!other.ok) {
        return refuse(other.failure.code, { field: 'into', message: 'is not a user of it' })
      }
      await runBatch(request.db, [
        ...operatorEvent(
          request,
          {
            type: 'user.merge_refused',
            outcome: 'refused',
            code: 'directory.merge_refused',
            ...key,
            facts: { into: other.value.person.id },
          },
          always,
        ),
      ])
      return refuse('directory.merge_refused')
    },
  }),
]

type UserRequest = AdminRequest<{ org: string; user: string }>
type UserAnswer = z.input<typeof userAnswer>

async function show(
  { db }: AdminRequest,
  found: PersonOfOrganization,
): Promise<Result<UserAnswer, Refusal>> {
  const [user] = await presentUsers(db, found.organization, [found])
  return user === undefined ? refuse('directory.user_not_found') : ok(user)
}

function keyOf({ person }: PersonWithViews): PersonKey {
  return { organizationId: person.organizationId, personId: person.id }
}

async function setBlock(
  request: UserRequest,
  blocked: boolean,
): Promise<Result<UserAnswer, Refusal>> {
  const found = await personOf(request)
  if (!found.ok) return found
  if (found.value.person.retiredAt !== null) return refuse('directory.user_retired')
  const key = keyOf(found.value)
  const { db, nowMs } = request
  return change(request, {
    type: blocked ? 'user.blocked' : 'user.unblocked',
    key,
    guard: personIsBlocked(key, !blocked),
    statements: (guard) => [
      ...(blocked ? [endPersonSessions(db, { ...key, guard })] : []),
      setManualBlock(db, { ...key, blocked, nowMs }),
    ],
  })
}

/** Changes a person in one batch with its event; where nothing changes, nothing is written. */
async function change(
  request: UserRequest,
  {
    type,
    key,
    guard,
    statements,
  }: {
    type: 'user.blocked' | 'user.unblocked' | 'user.retired'
    key: PersonKey
    guard: Guard
    statements: (guard: Guard) => readonly Statement[]
  },
): Promise<Result<UserAnswer, Refusal>> {
  await runBatch(request.db, [
    ...operatorEvent(request, { type, ...key }, guard),
    ...statements(guard),
  ])
  const after = await personOf(request)
  return after.ok ? show(request, after.value) : after
}
