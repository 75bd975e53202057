import type * as z from '#zod'
import { allOf, runBatch } from '../db/index.ts'
import {
  connectionIsOfTenant,
  createGraphCertificate,
  type GraphCredentialRow,
  type GraphProof,
  graphCredentialQuery,
  graphCredentialUnchanged,
  loadGraphCredential,
  type PemDefect,
  readGraphCertificate,
  saveGraphCredential,
  sealGraphProof,
} from '../graph/index.ts'
import { base64Decode, base64Encode, ok, type Result, sha256Hex, toIso } from '../kernel/index.ts'
import { endRunsOfOthers, scheduleAnew } from '../reconcile/index.ts'
import { attempts } from './change-organization.ts'
import type { AdminRequest } from './endpoint.ts'
import type { graphCredentialAnswer, setGraphCredential } from './graph-schema.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf } from './organization-of.ts'
import { presentGraphCredential } from './present-graph.ts'
import { type Refusal, refuse, refuseFields } from './refusal.ts'
import { isPast, refusePast, scimConnection } from './scim-connection.ts'

type SetRequest = AdminRequest<{ org: string }, unknown, z.output<typeof setGraphCredential>>

/** What is stored of a proof. */
type Stored = Pick<GraphCredentialRow, 'kind' | 'secretSealed' | 'certificate' | 'expiresAt'>

/** With the row whose secret is kept, when the request brings no new one. */
type Proof = { readonly stored: Stored; readonly keptOf: GraphCredentialRow | null }
type Answer = z.input<typeof graphCredentialAnswer>

const pemFaults: Readonly<Record<PemDefect, string>> = {
  certificate: 'must hold exactly one certificate as PEM',
  key_missing: 'must hold exactly one private key beside the certificate',
  key_encrypted: 'has a private key with a password: remove it with openssl pkcs8 -topk8 -nocrypt',
  key_format:
    'has a private key that is not RSA in PKCS#8: convert it with openssl pkcs8 -topk8 -nocrypt',
  not_rsa: 'has a key that is not RSA, which Entra wants for PS256',
  key_mismatch: 'has a private key that does not belong to the certificate',
  expired: 'has expired',
}

/** Stores the credential of a connection in place of the one before, in one batch with its event. */
export async function setGraphOnce(request: SetRequest): Promise<Result<Answer, Refusal>> {
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = await trySet(request, organization.value.id)
    if (answer !== null) return answer
  }
  return refuse('admin.write_conflict')
}

/** @returns null when the connection, or the credential whose secret is kept, changed while this was read */
async function trySet(
  request: SetRequest,
  organizationId: string,
): Promise<Result<Answer, Refusal> | null> {
  const { body, db, nowMs } = request
  const named = await scimConnection(db, organizationId, body.connection)
  if (!named.ok) return named
  const { connection, guard } = named.value
  const wantedTenant = connection?.tenantId?.toLowerCase() ?? body.tenantId
  if (wantedTenant !== body.tenantId) {
    const message = `must be the connection’s own tenant, which is ${wantedTenant}`
    return refuseFields({ field: 'tenantId', message })
  }
  const key = { organizationId, connectionId: connection?.id ?? '' }
  const proof = await readProof(request, await loadGraphCredential(db, key), organizationId)
  if (!proof.ok) return proof
  const { stored, keptOf } = proof.value
  const { tenantId, clientId } = body
  const set = { ...key, tenantId, clientId, appId: body.appId ?? clientId, ...stored }
  const stands = allOf(
    guard,
    connectionIsOfTenant(key.connectionId, tenantId),
    // Or a secret that was replaced, or deleted, a moment ago would come back.
    ...(keptOf === null ? [] : [graphCredentialUnchanged(keptOf)]),
  )
  const results = await runBatch(db, [
    ...operatorEvent(request, await eventOf(set), stands),
    ...endRunsOfOthers(db, key, { tenantId, appId: set.appId, nowMs, guard: stands }),
    scheduleAnew(db, key, { nowMs, guard: stands }),
    // Last of what is written: the guard asks for the version that was read.
    saveGraphCredential(db, { set, nowMs, guard: stands }),
    graphCredentialQuery(db, key),
  ])
  const [row] = results.at(-1) as readonly GraphCredentialRow[]
  const isStored =
    row?.secretSealed === set.secretSealed &&
    (keptOf === null || row.version === keptOf.version + 1)
  return isStored ? ok(await presentGraphCredential(row)) : null
}

/** Reads what proves, or keeps what is stored when the request has nothing new for the same client. */
async function readProof(
  { body, deps, nowMs }: SetRequest,
  before: GraphCredentialRow | null,
  organizationId: string,
): Promise<Result<Proof, Refusal>> {
  const { clientSecret, clientSecretExpiresAt, certificate, tenantId, clientId } = body
  const { random } = deps
  if (clientSecret !== undefined && certificate !== undefined) {
    return refuseFields({ field: 'certificate', message: 'has no place beside clientSecret' })
  }
  const isOfSecret =
    clientSecret !== undefined || (certificate === undefined && before?.kind !== 'certificate')
  if (clientSecretExpiresAt !== undefined && !isOfSecret) {
    const message = 'is for a client secret: a certificate says itself when it ends'
    return refuseFields({ field: 'clientSecretExpiresAt', message })
  }
  if (isPast(clientSecretExpiresAt, nowMs)) return refusePast('clientSecretExpiresAt')
  if (clientSecret !== undefined) {
    const proof = { kind: 'secret', secret: clientSecret } as const
    return ok(await sealed(proof, clientSecretExpiresAt ?? null))
  }
  if (certificate !== undefined) {
    const read =
      certificate === 'generate'
        ? ok(await createGraphCertificate({ clientId, nowMs, random }))
        : await readGraphCertificate(certificate, nowMs)
    return read.ok
      ? ok(await sealed(read.value.proof, read.value.notAfterMs))
      : refuseFields({ field: 'certificate', message: pemFaults[read.failure] })
  }
  const isSame = before?.tenantId === tenantId && before.clientId === clientId
  if (before === null || !isSame) {
    return refuseFields({ field: 'clientSecret', message: 'or certificate is required' })
  }
  const { kind, secretSealed, expiresAt } = before
  const kept = {
    kind,
    secretSealed,
    certificate: before.certificate,
    expiresAt: clientSecretExpiresAt ?? expiresAt,
  }
  return ok({ stored: kept, keptOf: before })

  async function sealed(proof: GraphProof, expiresAtMs: number | null): Promise<Proof> {
    const place = { organizationId, tenantId, clientId }
    const stored = {
      kind: proof.kind,
      secretSealed: await sealGraphProof(deps.config.keyRing, place, { proof, random }),
      certificate: proof.kind === 'secret' ? null : base64Encode(proof.certificateDer),
      expiresAt: expiresAtMs,
    }
    return { stored, keptOf: null }
  }
}

async function eventOf({
  organizationId,
  connectionId,
  certificate,
  expiresAt,
  ...set
}: { readonly organizationId: string; readonly connectionId: string } & Stored & {
    readonly tenantId: string
    readonly clientId: string
    readonly appId: string
  }) {
  const { tenantId, clientId, appId, kind } = set
  return {
    type: 'graph.credential_set',
    organizationId,
    ...(connectionId === '' ? {} : { connectionId }),
    facts: {
      tenantId,
      clientId,
      appId,
      kind,
      ...(certificate === null
        ? {}
        : { certificate: await sha256Hex(base64Decode(certificate) ?? '') }),
      ...(expiresAt === null ? {} : { expiresAt: toIso(expiresAt) }),
    },
  } as const
}
