import { type Bytes, toIso } from '../../kernel/index.ts'
import { readMetadata } from '../metadata-read.ts'
import type { OpenConnection } from '../open-connection.ts'
import type { Part } from './parts.ts'

/**
 * What metadata is good for: whether a connection can be made of it, and its certificates with their dates and whether
 * the connection trusts them already. Nothing is taken over from it.
 */
export async function metadataParts(
  bytes: Bytes,
  {
    open,
    nowMs,
    allowLoopback,
  }: { open: OpenConnection | null; nowMs: number; allowLoopback: boolean },
): Promise<readonly Part[]> {
  const read = await readMetadata(bytes, {
    allowLoopback,
    nowMs,
    ...(open === null ? {} : { signedBy: open.saml.keys, otherSigners: 'report' }),
  })
  const usable: Part = {
    label: 'Usable',
    value: read.ok ? 'yes' : `no: ${read.failure.reason.replaceAll('_', ' ')}`,
    says: 'Whether a connection can be made of it: one identity provider with an address and a certificate.',
    fits: read.ok,
    expected: null,
  }
  if (!read.ok) return [usable]
  const trusted = open?.saml.keys.map(({ id }) => id) ?? null
  const certificates = read.value.signingCertificates.map(
    ({ sha256, subject, notBeforeMs, notAfterMs }): Part => ({
      label: 'Signing certificate',
      value: `${sha256}, ${subject}, ${toIso(notBeforeMs)} to ${toIso(notAfterMs)}`,
      says:
        notAfterMs < nowMs
          ? 'Expired: nothing that it signs is accepted.'
          : 'Signs what people are signed in by.',
      fits: trusted?.includes(sha256) ?? null,
      expected: null,
    }),
  )
  const rejected = read.value.rejectedCertificates.map(
    ({ position, reason }): Part => ({
      label: `Key ${position}`,
      value: reason.replaceAll('_', ' '),
      says: 'Published, and cannot be used.',
      fits: false,
      expected: null,
    }),
  )
  return [usable, ...certificates, ...rejected]
}
