import { described } from '#described'
import * as z from '#zod'
import { allOf } from '../db/index.ts'
import {
  base64UrlEncode,
  limits,
  newId,
  ok,
  type Result,
  sha256Hex,
  toIso,
} from '../kernel/index.ts'
import {
  connectionExists,
  findTestSignIn,
  insertTestSignIn,
  listTestSignIns,
  mayAddTestSignIn,
  type TestSignInRow,
  testSignInExists,
} from '../saml/index.ts'
import { connectionOf } from './connection-of.ts'
import { connectionPath } from './connection-schema.ts'
import { createOnce } from './create-store.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { replayedHeader } from './idempotency.ts'
import { operatorEvent } from './operator-event.ts'
import { cutPage, newestCursor, newestCursorOf, pageOf, pageQuery } from './paging.ts'
import {
  mayShowDirectory,
  presentListedTest,
  presentTestDetail,
  presentTestSignIn,
} from './present-test-sign-in.ts'
import { type Refusal, refuse } from './refusal.ts'
import {
  createTestSignIn,
  listedTestSignIn,
  testSignInAnswer,
  testSignInDetail,
  testSignInPath,
} from './test-sign-in-schema.ts'

const tag = 'Test sign-ins'
const path = '/organizations/{org}/connections/{connection}/test-sign-ins'
const missing = ['admin.organization_not_found', 'admin.connection_not_found'] as const

export const testSignInEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path,
    id: 'createTestSignIn',
    described: described(() => ({
      tag,
      summary:
        'A link by which one tester tries the connection; it ends in a report, never in a session.',
      description:
        'Works for a draft, a tested and an active connection, and opens it to nobody else. The link begins one sign-in, once.',
      answer: testSignInAnswer,
      refusals: [
        ...missing,
        'admin.test_sign_in_not_found',
        'admin.connection_disabled',
        'admin.forbidden',
        'admin.limit_reached',
      ],
    })),
    params: connectionPath,
    body: createTestSignIn,
    bodyOptional: true,
    created: true,
    idempotent: true,
    handle: create,
  }),
  endpoint({
    method: 'get',
    path,
    id: 'listTestSignIns',
    described: described(() => ({
      tag,
      summary: 'Test sign-ins of the last days, newest first, without links and reports.',
      answer: pageOf(listedTestSignIn),
      refusals: missing,
    })),
    params: connectionPath,
    query: z.strictObject(pageQuery(newestCursor('tst'))),
    async handle(request) {
      const found = await connectionOf(request)
      if (!found.ok) return found
      const { limit, cursor } = request.query
      const { organizationId, id: connectionId } = found.value.connection
      const key = { organizationId, connectionId }
      const page = { limit: limit + 1, after: cursor ?? null }
      const rows = await listTestSignIns(request.db, key, page)
      const present = (row: TestSignInRow) => presentListedTest(row, request.nowMs)
      return ok(cutPage(rows, { limit, cursorOf: newestCursorOf, present }))
    },
  }),
  endpoint({
    method: 'get',
    path: `${path}/{test}`,
    id: 'getTestSignIn',
    described: described(() => ({
      tag,
      summary:
        'How far a test sign-in is, and its report: each check with its evidence, and whom it would be.',
      answer: testSignInDetail,
      refusals: [...missing, 'admin.test_sign_in_not_found'],
    })),
    params: testSignInPath,
    async handle(request) {
      const found = await connectionOf(request)
      if (!found.ok) return found
      const { organizationId, id: connectionId } = found.value.connection
      const { db, nowMs, params, c, principal } = request
      const key = { organizationId, connectionId, testId: params.test }
      const telling = {
        explain: c.get('explain'),
        showsDirectory: mayShowDirectory(principal),
      }
      const row = await findTestSignIn(db, key)
      return row === null
        ? refuse('admin.test_sign_in_not_found')
        : ok(presentTestDetail(row, nowMs, telling))
    },
  }),
]

type CreateRequest = AdminRequest<
  z.output<typeof connectionPath>,
  unknown,
  z.output<typeof createTestSignIn> | null
>

async function create(
  request: CreateRequest,
): Promise<Result<z.input<typeof testSignInAnswer>, Refusal>> {
  const { c, db, deps, nowMs, principal } = request
  const body = request.body ?? createTestSignIn.parse({})
  // Whoever sets up a draft with an identity provider of their own could put people into the directory.
  if (body.createPerson && principal.kind === 'setup-link') {
    const message = 'is for an operator or an admin of the organization'
    return refuse('admin.forbidden', { field: 'createPerson', message })
  }
  const found = await connectionOf(request)
  if (!found.ok) return found
  const { id: connectionId, organizationId, status } = found.value.connection
  if (status === 'disabled') return refuse('admin.connection_disabled')
  const token = base64UrlEncode(deps.random(32))
  const row: TestSignInRow = {
    id: newId('tst', deps.random),
    organizationId,
    connectionId,
    tokenSha256: await sha256Hex(token),
    status: 'waiting',
    createdAt: nowMs,
    expiresAt: nowMs + body.expiresInMinutes * 60 * 1000,
    startedAt: null,
    finishedAt: null,
    createPerson: body.createPerson,
    personId: null,
    report: null,
  }
  const key = { organizationId, testId: row.id }
  const outcome = await createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: row.id,
    allowed: allOf(
      connectionExists({ organizationId, connectionId }),
      mayAddTestSignIn({ organizationId, connectionId }),
    ),
    exists: testSignInExists(key),
    questions: [],
    insert: (guard) => insertTestSignIn(db, row, guard),
    dependents: (guard) =>
      operatorEvent(
        request,
        {
          type: 'test_sign_in.created',
          organizationId,
          connectionId,
          facts: { test: row.id, expiresAt: toIso(row.expiresAt), createPerson: row.createPerson },
        },
        guard,
      ),
  })
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') {
    const message = `would be one more than ${limits.testSignInsPerConnection} within a week`
    return refuse('admin.limit_reached', { field: 'connection', message })
  }
  if (outcome.kind === 'created') {
    const url = `${deps.config.publicUrl}/saml/${connectionId}/test#${token}`
    return ok({ ...presentTestSignIn(row, nowMs), url, secretShown: 'now' })
  }
  c.header(replayedHeader, 'true')
  const earlier = await findTestSignIn(db, { ...key, connectionId, testId: outcome.resourceId })
  return earlier === null
    ? refuse('admin.test_sign_in_not_found')
    : ok({ ...presentTestSignIn(earlier, nowMs), url: null, secretShown: 'earlier' })
}
