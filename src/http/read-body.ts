import { type Bytes, concatBytes } from '../kernel/index.ts'

/**
 * Reads the body of a request, or of a peer's answer, up to a cap and no further, whatever Content-Length says or does not say.
 * @returns the octets, or null when there are more than `maxBytes`
 */
export async function readBody(
  message: { readonly body: ReadableStream<Uint8Array> | null },
  maxBytes: number,
): Promise<Bytes | null> {
  if (message.body === null) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = message.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concatBytes(...parts)
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      return null
    }
    parts.push(value)
  }
}
