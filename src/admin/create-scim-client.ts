import type * as z from '#zod'
import { allOf } from '../db/index.ts'
import { err, limits, newId, ok, type Result, sha256Hex } from '../kernel/index.ts'
import type { ConnectionRow } from '../saml/index.ts'
import {
  type ClientSecret,
  type Federation,
  findScimClient,
  insertScimClient,
  insertScimSecret,
  mayAddScimClient,
  newSecret,
  readFederation,
  type ScimClient,
  scimClientExists,
  scimClientsQuery,
} from '../scim/index.ts'
import { type CreationOutcome, createOnce, findReplay } from './create-store.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { clientFacts, clientKey, presentClient } from './present-scim.ts'
import { type FieldError, type Refusal, refuse, refuseFields } from './refusal.ts'
import { isPast, refusePast, scimConnection } from './scim-connection.ts'
import { earlierOrRefused } from './scim-credential.ts'
import type { createdScimClient, createScimClient } from './scim-schema.ts'

type Body = z.output<typeof createScimClient>
type CreateRequest = AdminRequest<unknown, unknown, Body>
type Answer = z.input<typeof createdScimClient>

/** Creates a SCIM client, with a first secret that is shown now and never again, or with a federation. */
export async function createScimClientOnce(
  request: CreateRequest,
  organizationId: string,
): Promise<Result<Answer, Refusal>> {
  const { body, db, deps, nowMs, idempotency } = request
  const replay = await findReplay(db, idempotency, nowMs)
  if (replay !== null) return answerEarlier(request, organizationId, replay)
  if (isPast(body.secretExpiresAt, nowMs)) return refusePast('secretExpiresAt')
  const place = await scimConnection(db, organizationId, body.connection)
  if (!place.ok) return place
  const { connection } = place.value
  const federation = checkFederation(body, connection, deps.config.entraLoginUrl)
  if (!federation.ok) return refuseFields(...federation.failure)
  const client: ScimClient = {
    id: newId('cli', deps.random),
    organizationId,
    connectionId: connection?.id ?? null,
    name: body.name,
    scopes: body.scopes,
    federation: federation.value,
    disabledAt: null,
    createdAt: nowMs,
    updatedAt: nowMs,
  }
  const made =
    federation.value === null ? await makeSecret(request, client, body.secretExpiresAt) : null
  const outcome = await createOnce(db, {
    idempotency,
    nowMs,
    resourceId: client.id,
    allowed: allOf(place.value.guard, mayAddScimClient(organizationId)),
    exists: scimClientExists(clientKey(client)),
    questions: [scimClientsQuery(db, organizationId)],
    insert: (guard) => insertScimClient(db, client, guard),
    dependents: (guard) => [
      ...(made === null ? [] : [insertScimSecret(db, made.row, guard)]),
      ...operatorEvent(request, { type: 'scim_client.created', ...clientFacts(client) }, guard),
    ],
  })
  if (outcome.kind !== 'created') return answerEarlier(request, organizationId, outcome)
  const secrets = made === null ? [] : [made.row]
  return ok({
    ...presentClient({ client, secrets }, deps.config),
    secret: made?.secret ?? null,
    secretShown: made === null ? 'none' : 'now',
  })
}

/** A new secret of a client, in plain text for its one answer, and as it is stored. */
export async function makeSecret(
  { deps, nowMs }: Pick<AdminRequest, 'deps' | 'nowMs'>,
  { id, organizationId }: ScimClient,
  expiresAt: number | undefined,
): Promise<{ readonly secret: string; readonly row: ClientSecret }> {
  const secret = newSecret('clientSecret', deps.random)
  const row = {
    id: newId('sec', deps.random),
    clientId: id,
    organizationId,
    secretSha256: await sha256Hex(secret),
    expiresAt: expiresAt ?? null,
    lastUsedAt: null,
    warnedDays: null,
    createdAt: nowMs,
  }
  return { secret, row }
}

function checkFederation(
  { federation, secretExpiresAt }: Body,
  connection: ConnectionRow | null,
  entraLoginUrl: string,
): Result<Federation | null, readonly FieldError[]> {
  if (federation === undefined) return ok(null)
  const rule = readFederation(federation, entraLoginUrl)
  const problems: FieldError[] = rule.ok
    ? []
    : rule.failure.map(({ field, message }) => ({ field: `federation.${field}`, message }))
  if (secretExpiresAt !== undefined) {
    problems.push({ field: 'secretExpiresAt', message: 'has no place with a federation' })
  }
  const tenantId = connection?.tenantId ?? null
  if (rule.ok && tenantId !== null && rule.value.tenantId !== tenantId) {
    const message = `must be the tenant of the connection, ${tenantId}`
    problems.push({ field: 'federation.tenantId', message })
  }
  return rule.ok && problems.length === 0 ? rule : err(problems)
}

async function answerEarlier(
  request: CreateRequest,
  organizationId: string,
  outcome: Exclude<CreationOutcome, { kind: 'created' }>,
): Promise<Result<Answer, Refusal>> {
  const made = earlierOrRefused(request, outcome, {
    what: 'SCIM clients',
    most: limits.scimClientsPerOrganization,
  })
  if (!made.ok) return made
  const { db, deps } = request
  const earlier = await findScimClient(db, { organizationId, clientId: made.value })
  if (earlier === null) return refuse('admin.scim_client_not_found')
  return ok({
    ...presentClient(earlier, deps.config),
    secret: null,
    secretShown: earlier.client.federation === null ? 'earlier' : 'none',
  })
}
