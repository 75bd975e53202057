import { described } from '#described'
import type * as z from '#zod'
import { limits, ok, type Result } from '../kernel/index.ts'
import {
  type ClientSecret,
  deleteScimSecret,
  findScimSecret,
  insertScimSecret,
  mayAddScimSecret,
  type ScimClient,
  scimSecretExists,
} from '../scim/index.ts'
import { makeSecret } from './create-scim-client.ts'
import { createOnce } from './create-store.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { replayedHeader } from './idempotency.ts'
import { type OperatorEvent, operatorEvent } from './operator-event.ts'
import { clientFacts, clientKey, presentSecret } from './present-scim.ts'
import { type Refusal, refuse } from './refusal.ts'
import { scimClientOf } from './scim-client-of.ts'
import { isPast, refuseMany, refusePast } from './scim-connection.ts'
import { writeCredential } from './scim-credential.ts'
import {
  createdScimSecret,
  createScimSecret,
  scimClientPath,
  scimSecretPath,
} from './scim-schema.ts'

const tag = 'SCIM credentials'

export const scimSecretEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations/{org}/scim-clients/{client}/secrets',
    id: 'createScimClientSecret',
    described: described(() => ({
      tag,
      summary: 'A second secret of a SCIM client, shown once.',
      description:
        'Two work at once: to rotate, create the next, enter it in Entra, then delete the old one.',
      answer: createdScimSecret,
      refusals: [
        'admin.organization_not_found',
        'admin.scim_client_not_found',
        'admin.scim_client_federated',
        'admin.scim_secret_not_found',
        'admin.limit_reached',
      ],
    })),
    params: scimClientPath,
    body: createScimSecret,
    bodyOptional: true,
    created: true,
    idempotent: true,
    async handle(request) {
      const found = await scimClientOf(request)
      return found.ok ? createSecret(request, found.value.client) : found
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}/scim-clients/{client}/secrets/{secret}',
    id: 'deleteScimClientSecret',
    described: described(() => ({
      tag,
      summary: 'Delete a secret; the access tokens that it gave stop working within 30 seconds.',
      refusals: [
        'admin.organization_not_found',
        'admin.scim_client_not_found',
        'admin.scim_secret_not_found',
      ],
    })),
    params: scimSecretPath,
    handle: deleteSecret,
  }),
]

type CreateRequest = AdminRequest<unknown, unknown, z.output<typeof createScimSecret>>
type Answer = z.input<typeof createdScimSecret>

async function createSecret(
  request: CreateRequest,
  client: ScimClient,
): Promise<Result<Answer, Refusal>> {
  const { c, body, db, nowMs } = request
  if (client.federation !== null) return refuse('admin.scim_client_federated')
  if (isPast(body.expiresAt, nowMs)) return refusePast('expiresAt')
  const { secret, row } = await makeSecret(request, client, body.expiresAt)
  const key = clientKey(client)
  const outcome = await createOnce(db, {
    idempotency: request.idempotency,
    nowMs,
    resourceId: row.id,
    allowed: mayAddScimSecret(key),
    exists: scimSecretExists({ ...key, secretId: row.id }),
    questions: [],
    insert: (guard) => insertScimSecret(db, row, guard),
    dependents: (guard) => operatorEvent(request, secretChanged({ client, added: row.id }), guard),
  })
  if (outcome.kind === 'conflict') return refuse('admin.idempotency_conflict')
  if (outcome.kind === 'refused') {
    const { scimSecretsPerClient: most } = limits
    return refuseMany(`has ${most} secrets, as many as it may: delete the old one first`, 'client')
  }
  if (outcome.kind === 'created') return ok({ ...presentSecret(row), secret, secretShown: 'now' })
  c.header(replayedHeader, 'true')
  const earlier: ClientSecret | null = await findScimSecret(db, {
    ...key,
    secretId: outcome.resourceId,
  })
  return earlier === null
    ? refuse('admin.scim_secret_not_found')
    : ok({ ...presentSecret(earlier), secret: null, secretShown: 'earlier' })
}

async function deleteSecret(
  request: AdminRequest<{ org: string; client: string; secret: string }>,
): Promise<Result<null, Refusal>> {
  const found = await scimClientOf(request)
  if (!found.ok) return found
  const { db, params } = request
  const { client } = found.value
  const key = { ...clientKey(client), secretId: params.secret }
  const gone = await writeCredential(request, {
    event: secretChanged({ client, removed: key.secretId }),
    guard: scimSecretExists(key),
    write: deleteScimSecret(db, key),
  })
  return gone === null ? refuse('admin.scim_secret_not_found') : ok(null)
}

type SecretChange = { readonly client: ScimClient } & (
  | { readonly added: string }
  | { readonly removed: string }
)

/** Another secret is a change of the client. */
function secretChanged({ client, ...change }: SecretChange): OperatorEvent {
  const event = clientFacts(client)
  const facts = { ...event.facts, changed: ['secrets'], secret: change }
  return { type: 'scim_client.updated', ...event, facts }
}
