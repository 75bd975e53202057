import { type Bytes, concatBytes } from './bytes.ts'

/**
 * Reads a stream up to a cap and no further, whatever its sender said about its length.
 * @returns the octets, none of no stream, or null when there are more than `maxBytes`
 */
export async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Bytes | null> {
  if (stream === null) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
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
