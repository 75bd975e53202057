import { type Bytes, decodeUtf8, readStream } from '../kernel/index.ts'

/**
 * Reads the body of a request, or of a peer's answer, up to a cap and no further, whatever Content-Length says or does not say.
 * @returns the octets, or null when there are more than `maxBytes`
 */
export function readBody(
  message: { readonly body: ReadableStream<Uint8Array> | null },
  maxBytes: number,
): Promise<Bytes | null> {
  return readStream(message.body, maxBytes)
}

/** More than any form of our own pages has. */
const formBytes = 8 * 1024

/** The fields of a small form; none when the body is larger than any of ours. */
export async function readSmallForm(request: Request): Promise<URLSearchParams> {
  const body = await readBody(request, formBytes)
  return new URLSearchParams(body === null ? '' : (decodeUtf8(body) ?? ''))
}
