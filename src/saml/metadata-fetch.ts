import { type Bytes, concatBytes, err, limits, ok, type Result } from '../kernel/index.ts'
import { checkEndpointUrl, type UrlPolicy } from './endpoint-url.ts'
import type { MetadataFetchDefect, MetadataFetchFailure } from './message-errors.ts'

/** The part of `fetch` that is used; passed in, so that tests need no network. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type MetadataFetchOptions = UrlPolicy & {
  readonly fetch: Fetch
  /** Bytes, milliseconds and redirects; the standard limits unless told. */
  readonly limits?: Partial<
    Record<'metadataBytes' | 'metadataFetchMs' | 'metadataRedirects', number>
  >
}

export type FetchedMetadata = {
  readonly bytes: Bytes
  /** Every URL asked, the configured one first, the answering one last: trust looks at all of them. */
  readonly urls: readonly [string, ...string[]]
}

/** Ports that providers serve metadata on; others would make us a port scanner. */
const servedPorts = ['', '443', '8443']

/** Endings of names that only mean something inside a network, and `localhost` itself. */
const localEndings = [
  ...[
    'localhost',
    'localdomain',
    'local',
    'internal',
    'intranet',
    'private',
    'corp',
    'home',
    'lan',
  ],
  ...['home.arpa', 'in-addr.arpa', 'ip6.arpa', 'test', 'invalid', 'onion'],
]

const xmlTypes = ['application/samlmetadata+xml', 'application/xml', 'text/xml']

const refuse = (reason: MetadataFetchDefect, url: string, detail?: string) =>
  err<MetadataFetchFailure>({
    code: 'saml.metadata_fetch',
    reason,
    url: url.slice(0, limits.evidenceLength),
    ...(detail === undefined ? {} : { detail: detail.slice(0, limits.evidenceLength) }),
  })

/**
 * Whether metadata may be fetched from a URL: https, a public name (no literal address in any notation, no
 * local name), no credentials, a usual port. What the name resolves to cannot be seen from a Worker
 * (DESIGN 5.15). Also called when a metadata URL is saved.
 */
export function checkMetadataUrl(
  text: string,
  policy: UrlPolicy,
): Result<URL, MetadataFetchFailure> {
  const checked = checkEndpointUrl(text, policy)
  if (!checked.ok) {
    // The text may hold a password, and evidence is kept.
    const shown = checked.failure === 'credentials' ? text.replace(/\/\/[^/]*@/, '//…@') : text
    return refuse(checked.failure, shown)
  }
  const url = checked.value
  if (url.protocol === 'http:') return ok(url)
  const host = url.hostname
  // The URL parser has turned decimal, octal, hexadecimal and short IPv4 notations into dotted ones.
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return refuse('address', text)
  const isLocal = localEndings.some((ending) => host === ending || host.endsWith(`.${ending}`))
  if (isLocal || !host.includes('.') || host.endsWith('.')) return refuse('local_name', text)
  if (!servedPorts.includes(url.port)) return refuse('port', text)
  return ok(url)
}

/**
 * Fetches metadata. Redirects are followed by hand, each target checked as the first one was; the body is
 * read as a stream and dropped at the cap; one time limit covers everything (row D04).
 * @returns the octets, unparsed and untrusted, or `saml.metadata_fetch` with a reason
 */
export async function fetchMetadata(
  metadataUrl: string,
  options: MetadataFetchOptions,
): Promise<Result<FetchedMetadata, MetadataFetchFailure>> {
  const caps = { ...limits, ...options.limits }
  const signal = AbortSignal.timeout(caps.metadataFetchMs)
  const urls: [string, ...string[]] = [metadataUrl]
  for (let url = metadataUrl; ; ) {
    const checked = checkMetadataUrl(url, options)
    if (!checked.ok) return checked
    const response = await request(checked.value.href, options.fetch, signal)
    if (!response.ok) return response
    const location = redirectTarget(response.value, url)
    if (location === null) {
      const bytes = await readXml(response.value, url, { signal, maxBytes: caps.metadataBytes })
      return bytes.ok ? ok({ bytes: bytes.value, urls }) : bytes
    }
    await drop(response.value)
    if (urls.length > caps.metadataRedirects) return refuse('redirects', url)
    url = location
    urls.push(url)
  }
}

async function request(
  url: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Result<Response, MetadataFetchFailure>> {
  try {
    const headers = { accept: 'application/samlmetadata+xml, application/xml, text/xml' }
    return ok(await fetch(url, { method: 'GET', redirect: 'manual', headers, signal }))
  } catch (error) {
    // An unreachable peer is an expected outcome here, not an outage of ours.
    return signal.aborted ? refuse('time_limit', url) : refuse('network', url, String(error))
  }
}

/** Lets go of a body that nobody reads; one that broke already needs no letting go. */
async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined)
}

/** Where a redirect points, absolute; the text itself when it is not a URL, so that the check refuses it. */
function redirectTarget(response: Response, base: string): string | null {
  const location = response.headers.get('location')
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return null
  return URL.parse(location, base)?.href ?? location
}

async function readXml(
  response: Response,
  url: string,
  { signal, maxBytes }: { signal: AbortSignal; maxBytes: number },
): Promise<Result<Bytes, MetadataFetchFailure>> {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  const declared = Number(response.headers.get('content-length') ?? 0)
  const defect =
    response.status !== 200
      ? refuse('status', url, String(response.status))
      : !xmlTypes.includes(type ?? '')
        ? refuse('content_type', url, type)
        : declared > maxBytes
          ? refuse('too_large', url, String(declared))
          : null
  if (defect !== null || response.body === null) {
    await drop(response)
    return defect ?? ok(new Uint8Array(0))
  }
  const reader = response.body.getReader()
  const stop = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop)
  try {
    const chunks: Uint8Array[] = []
    for (let length = 0; ; ) {
      const { done, value } = await reader.read()
      if (signal.aborted) return refuse('time_limit', url)
      if (done) return ok(concatBytes(...chunks))
      chunks.push(value)
      length += value.length
      if (length > maxBytes) {
        stop()
        return refuse('too_large', url)
      }
    }
  } catch (error) {
    return signal.aborted ? refuse('time_limit', url) : refuse('network', url, String(error))
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
