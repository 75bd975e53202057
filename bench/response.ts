import { Buffer } from 'node:buffer'
import { buildResponse, claims, defaultAttributes } from '../test/support/saml-builder.ts'

/** A response in Entra's default shape, filled with groups up to about the wanted size in bytes. */
export async function responseOfSize(
  bytes: number,
): Promise<{ readonly base64: string; readonly form: string; readonly size: number }> {
  let groups = 0
  for (;;) {
    const ids = Array.from(
      { length: groups },
      (_, i) => `0b1ec700-3333-4333-8333-${String(i).padStart(12, '0')}`,
    )
    const attributes =
      groups === 0 ? defaultAttributes : { ...defaultAttributes, [claims.groups]: ids }
    const { base64, form, xml } = await buildResponse({ assertion: { attributes } })
    const size = Buffer.byteLength(xml)
    if (size >= bytes || groups > 400) return { base64, form, size }
    groups = Math.max(groups + 1, groups + Math.floor((bytes - size) / 80))
  }
}
