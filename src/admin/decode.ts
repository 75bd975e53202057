import { described } from '#described'
import type * as z from '#zod'
import { explainAadsts } from '../http/index.ts'
import { type AnyFailure, ok, type Result, toIso } from '../kernel/index.ts'
import {
  type DecodedSaml,
  decodeSaml,
  evidenceOf,
  loadConnection,
  type OpenConnection,
  openConnection,
  recognize,
  recognizeAadsts,
} from '../saml/index.ts'
import { explainScimBody } from '../scim/index.ts'
import { decodeAnswer, decodeRequest } from './decode-schema.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { presentChecks } from './present-test-sign-in.ts'
import { type Refusal, refuse } from './refusal.ts'

type DecodeRequest = AdminRequest<{ org: string }, unknown, z.output<typeof decodeRequest>>
type Decoded = z.input<typeof decodeAnswer>

export const decodeEndpoint: Endpoint = endpoint({
  method: 'post',
  path: '/organizations/{org}/decode',
  id: 'decode',
  described: described(() => ({
    tag: 'Decoder',
    summary: 'What a SAML message, metadata or a SCIM body says, and whether it would be accepted.',
    description:
      'Nothing is stored, used up or told to anybody. An encrypted assertion is opened for operators only, and only inside a response whose signature verifies.',
    answer: decodeAnswer,
    refusals: ['admin.organization_not_found', 'admin.connection_not_found'],
  })),
  params: organizationPath,
  body: decodeRequest,
  async handle(request) {
    const open = await connectionOf(request)
    return open.ok ? ok(await decode(request, open.value)) : open
  },
})

/** The connection of the organization to hold it against; null when none is named. */
async function connectionOf(
  request: DecodeRequest,
): Promise<Result<OpenConnection | null, Refusal>> {
  const { body, db, deps } = request
  const organization = await organizationOf(request)
  if (!organization.ok) return organization
  if (body.connection === undefined) return ok(null)
  const record = await loadConnection(db, body.connection, organization.value.id)
  return record === null
    ? refuse('admin.connection_not_found', {
        field: 'connection',
        message: 'is none of the organization',
      })
    : ok(await openConnection(record, deps.config))
}

async function decode(request: DecodeRequest, open: OpenConnection | null): Promise<Decoded> {
  const { body, nowMs, principal } = request
  const recognized = await recognize(body.text)
  if (!recognized.ok) return unreadable(request, recognized.failure)
  if (recognized.value.kind === 'json') return decodeJson(request, recognized.value.text)
  const decoded = await decodeSaml(recognized.value, {
    open,
    mayDecrypt: principal.kind === 'operator',
    judgedAt: body.judgedAt,
    nowMs,
    allowLoopback: request.deps.config.loopback,
  })
  return decoded.ok ? presentSaml(request, decoded.value) : unreadable(request, decoded.failure)
}

function empty({ nowMs }: DecodeRequest): Omit<Decoded, 'kind'> {
  return {
    carrier: null,
    pretty: null,
    decrypted: null,
    parts: [],
    signatures: [],
    checks: null,
    judgedAt: null,
    judgedAtTime: null,
    entra: null,
    problem: null,
    decodedAt: toIso(nowMs),
  }
}

function unreadable(request: DecodeRequest, failure: AnyFailure): Decoded {
  const { title, detail } = request.c.get('explain')(failure)
  const problem = { code: failure.code, means: title, fix: detail, evidence: evidenceOf(failure) }
  return { ...empty(request), kind: 'unreadable', problem }
}

function decodeJson(request: DecodeRequest, text: string): Decoded {
  const explained = explainScimBody(text)
  if (!explained.ok) return unreadable(request, explained.failure)
  const { kind, json, parts } = explained.value
  return {
    ...empty(request),
    kind,
    carrier: 'json',
    pretty: json,
    parts: parts.map((one) => ({ ...one, fits: null, expected: null })),
  }
}

function presentSaml(request: DecodeRequest, decoded: DecodedSaml): Decoded {
  const explain = request.c.get('explain')
  const { checks, signatures, parts } = decoded
  return {
    ...empty(request),
    kind: decoded.kind,
    carrier: decoded.carrier,
    pretty: decoded.xml,
    decrypted: decoded.decryptedXml,
    parts: [...parts],
    signatures: signatures.map(({ code, ...rest }) => {
      const words = code === null ? null : explain({ code })
      return { ...rest, code, means: words?.title ?? null, fix: words?.detail ?? null }
    }),
    checks: checks === null ? null : presentChecks(checks, explain),
    judgedAt: decoded.judgedAt,
    judgedAtTime: toIso(decoded.judgedAtMs),
    entra: entraOf(parts.find(({ label }) => label === 'Message')?.value ?? ''),
  }
}

function entraOf(message: string): Decoded['entra'] {
  const { aadsts } = recognizeAadsts(message)
  if (aadsts === null) return null
  const explained = explainAadsts(aadsts)
  return { aadsts, person: explained?.person ?? null, admin: explained?.admin ?? null }
}
