import { type Bytes, concatBytes, err, ok, type Result } from '../kernel/index.ts'
import type { InflateDefect } from './message-errors.ts'

/** Octets fed at a time: at most a thousand times as many come out before the cap is looked at again. */
const sliceBytes = 1024

/** Raw DEFLATE (RFC 1951), as the Redirect binding asks. */
export async function deflateRaw(bytes: Bytes): Promise<Bytes> {
  const stream = new CompressionStream('deflate-raw')
  const fed = feed(stream, bytes)
  const chunks: Uint8Array[] = []
  for await (const chunk of stream.readable) chunks.push(chunk)
  await fed
  return concatBytes(...chunks)
}

/**
 * Inflates raw DEFLATE up to a cap; octets behind the end of the stream are `malformed`. The platform's stream
 * has no limit of its own, so it is fed in slices, counted while it runs and cancelled at the cap: a bomb
 * costs the cap, not its size (row R03).
 */
export async function inflateRaw(
  bytes: Bytes,
  maxBytes: number,
): Promise<Result<Bytes, InflateDefect>> {
  const stream = new DecompressionStream('deflate-raw')
  const reader = stream.readable.getReader()
  const fed = feed(stream, bytes)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return ok(concatBytes(...chunks))
      length += value.length
      if (length > maxBytes) return err('too_large')
      chunks.push(value)
    }
  } catch {
    return err('malformed') // the platform's TypeError for data that is not DEFLATE or ends too early
  } finally {
    await reader.cancel().catch(() => undefined)
    await fed
  }
}

/** Writes until the end or until the other side has given up, which the reader reports. */
async function feed(stream: CompressionStream | DecompressionStream, bytes: Bytes): Promise<void> {
  const writer = stream.writable.getWriter()
  try {
    for (let at = 0; at < bytes.length; at += sliceBytes) {
      await writer.write(bytes.slice(at, at + sliceBytes))
    }
    await writer.close()
  } catch {
    return
  }
}
