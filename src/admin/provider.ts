import type * as z from '#zod'
import type { Config, Deps } from '../http/index.ts'
import { type Err, err, ok, type Result, utf8 } from '../kernel/index.ts'
import {
  type ConnectionRow,
  checkEndpointUrl,
  entraTenantId,
  fetchMetadata,
  type IdpMetadata,
  type MetadataFailure,
  metadataFetchFixes,
  type NewCertificate,
  readCertificateText,
  readMetadata,
} from '../saml/index.ts'
import type { changeConnection } from './connection-schema.ts'
import { certificateFaults, metadataFixes, urlFaults } from './explain-provider.ts'
import { type FieldError, type Refusal, refuse, refuseFields } from './refusal.ts'

export type Warning = { readonly code: string; readonly message: string }

/** What a request says of the identity provider; what it leaves out stays as it is. */
export type Provider = {
  readonly columns: Partial<
    Pick<
      ConnectionRow,
      | 'idpEntityId'
      | 'tenantId'
      | 'ssoUrl'
      | 'ssoBinding'
      | 'sloUrl'
      | 'sloResponseUrl'
      | 'metadataUrl'
    >
  >
  /** Null where the request says nothing of certificates. */
  readonly certificates: readonly NewCertificate[] | null
  readonly warnings: readonly Warning[]
  readonly wantsSignedRequests: boolean
}

type Sources = Pick<z.output<typeof changeConnection>, 'metadataXml' | 'metadataUrl' | 'manual'>
type World = { readonly deps: Deps; readonly nowMs: number }

/** Reads the identity provider from whichever source a request gives; null when it gives none. */
export async function readProvider(
  { metadataXml, metadataUrl, manual }: Sources,
  world: World,
): Promise<Result<Provider | null, Refusal>> {
  if (typeof metadataUrl === 'string') return fetchProvider(metadataUrl, world)
  if (metadataUrl === null) return ok({ ...unchanged, columns: { metadataUrl: null } })
  if (metadataXml !== undefined) {
    const read = await readMetadata(utf8(metadataXml), policyOf(world))
    return read.ok
      ? ok(fromMetadata(read.value, null))
      : refuseMetadata(read.failure, 'metadataXml')
  }
  return manual === undefined ? ok(null) : readManual(manual, world.deps.config)
}

const unchanged: Provider = {
  columns: {},
  certificates: null,
  warnings: [],
  wantsSignedRequests: false,
}

function policyOf({ deps, nowMs }: World) {
  return { allowLoopback: deps.config.loopback, nowMs }
}

async function fetchProvider(url: string, world: World): Promise<Result<Provider, Refusal>> {
  const { fetch, config } = world.deps
  const fetched = await fetchMetadata(url, { fetch, allowLoopback: config.loopback })
  if (!fetched.ok) {
    const message = metadataFetchFixes[fetched.failure.reason]
    return refuse('saml.metadata_fetch', { field: 'metadataUrl', message })
  }
  const read = await readMetadata(fetched.value.bytes, { ...policyOf(world), sourceUrl: url })
  return read.ok ? ok(fromMetadata(read.value, url)) : refuseMetadata(read.failure, 'metadataUrl')
}

function refuseMetadata({ reason }: MetadataFailure, field: string): Err<Refusal> {
  return refuse('saml.metadata', { field, message: metadataFixes[reason] })
}

function fromMetadata(metadata: IdpMetadata, metadataUrl: string | null): Provider {
  const { entityId, tenantId, ssoRedirectUrl, ssoPostUrl, sloUrl, sloResponseUrl } = metadata
  return {
    columns: {
      idpEntityId: entityId,
      tenantId,
      ssoUrl: ssoRedirectUrl ?? ssoPostUrl ?? '',
      ssoBinding: ssoRedirectUrl === null ? 'post' : 'redirect',
      sloUrl,
      sloResponseUrl,
      metadataUrl,
    },
    certificates: metadata.signingCertificates.map((certificate) => ({
      certificate,
      origin: 'metadata',
    })),
    warnings: metadata.rejectedCertificates.map(({ position, reason }) => ({
      code: 'certificate_left_out',
      message: `Signing key ${position} of the metadata ${certificateFaults[reason]}.`,
    })),
    wantsSignedRequests: metadata.wantAuthnRequestsSigned,
  }
}

async function readManual(
  manual: NonNullable<Sources['manual']>,
  config: Config,
): Promise<Result<Provider, Refusal>> {
  const { entityId, ssoUrl, ssoBinding, sloUrl, sloResponseUrl } = manual
  const read = await readCertificates(manual.certificates ?? [], 'manual.certificates')
  const errors = [
    ...checkUrl('manual.ssoUrl', ssoUrl, config),
    ...checkUrl('manual.sloUrl', sloUrl, config),
    ...checkUrl('manual.sloResponseUrl', sloResponseUrl, config),
    ...(read.ok ? [] : read.failure),
  ]
  if (!read.ok || errors.length > 0) return refuseFields(...errors)
  return ok({
    ...unchanged,
    columns: {
      ...(entityId === undefined
        ? {}
        : { idpEntityId: entityId, tenantId: entraTenantId(entityId) }),
      ...(ssoUrl === undefined ? {} : { ssoUrl }),
      ...(ssoBinding === undefined ? {} : { ssoBinding }),
      // Both are of one service: a new address does not keep the old one's.
      ...(sloUrl === undefined ? {} : { sloUrl, sloResponseUrl: null }),
      ...(sloResponseUrl === undefined ? {} : { sloResponseUrl }),
      metadataUrl: null,
    },
    certificates: manual.certificates === undefined ? null : read.value,
  })
}

function checkUrl(
  field: string,
  text: string | null | undefined,
  config: Config,
): readonly FieldError[] {
  if (typeof text !== 'string') return []
  const checked = checkEndpointUrl(text, { allowLoopback: config.loopback })
  return checked.ok ? [] : [{ field, message: urlFaults[checked.failure] }]
}

/** Reads certificates that an admin gave; all that are wrong are named at once. */
export async function readCertificates(
  texts: readonly string[],
  field: string,
): Promise<Result<readonly NewCertificate[], readonly FieldError[]>> {
  const read = await Promise.all(texts.map(readCertificateText))
  const errors = read.flatMap((one, i) =>
    one.ok ? [] : [{ field: `${field}.${i}`, message: certificateFaults[one.failure] }],
  )
  return errors.length > 0
    ? err(errors)
    : ok(
        read.flatMap((one) =>
          one.ok ? [{ certificate: one.value, origin: 'manual' as const }] : [],
        ),
      )
}
