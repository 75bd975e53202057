import { describe, expect, it } from 'vitest'
import { metadataFetchFixes } from '../../../src/saml/message-errors.ts'
import { checkMetadataUrl, type Fetch, fetchMetadata } from '../../../src/saml/metadata-fetch.ts'

const entraUrl =
  'https://login.microsoftonline.com/7f0e1c52-8f4c-4a63-9c39-0e6f2f6d9b11/federationmetadata/2007-06/federationmetadata.xml?appid=2d4d3d8e-2be3-4bef-9f87-7875a61c29de'
const xml = { 'content-type': 'application/xml; charset=utf-8' }

/** A peer that answers from a table and remembers what it was asked. */
function peer(answers: Record<string, () => Response | Promise<Response>>) {
  const asked: { url: string; init: RequestInit }[] = []
  const fetch: Fetch = async (url, init) => {
    asked.push({ url, init })
    const answer = answers[url]
    if (answer === undefined) throw new TypeError('fetch failed')
    return answer()
  }
  return { fetch, asked }
}

const redirect = (location: string, status = 302) =>
  new Response('moved', { status, headers: { location } })

describe('the URL of metadata', () => {
  it.each([
    entraUrl,
    'https://idp.example/app/exk1/sso/saml/metadata',
    'https://idp.example:443/metadata',
    'https://keycloak.example:8443/realms/main/protocol/saml/descriptor',
    'https://1and1.example/metadata',
    'https://xn--bcher-kva.example/metadata',
    'https://locale.example/metadata',
  ])('D04 positive control: %s may be fetched', (url) => {
    expect(checkMetadataUrl(url, { allowLoopback: false })).toMatchObject({ ok: true })
  })

  const refused: readonly [url: string, reason: string][] = [
    ['', 'not_a_url'],
    ['idp.example/metadata', 'not_a_url'],
    ['https:idp.example/metadata', 'not_a_url'],
    ['https:///idp.example/metadata', 'not_a_url'],
    ['https://idp.example/a b', 'not_a_url'],
    ['https://idp.example\\@evil.example/', 'not_a_url'],
    ['https://idp.example/\nx', 'not_a_url'],
    ['https://bücher.example/', 'not_a_url'],
    ['https://idp.example/#fragment', 'not_a_url'],
    [`https://idp.example/${'a'.repeat(2048)}`, 'not_a_url'],
    ['http://idp.example/metadata', 'scheme'],
    ['http://localhost:8788/metadata', 'scheme'],
    ['ftp://idp.example/metadata', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/xml,<a/>', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['https://user@idp.example/', 'credentials'],
    ['https://user:secret@idp.example/', 'credentials'],
    ['https://@idp.example/', 'credentials'],
    ['https://:@idp.example/', 'credentials'],
    ['https://127.0.0.1/', 'address'],
    ['https://10.0.0.1/', 'address'],
    ['https://169.254.169.254/latest/meta-data/', 'address'],
    ['https://8.8.8.8/', 'address'],
    ['https://2130706433/', 'address'],
    ['https://0x7f000001/', 'address'],
    ['https://0x7f.1/', 'address'],
    ['https://0177.0.0.1/', 'address'],
    ['https://127.1/', 'address'],
    ['https://0/', 'address'],
    ['https://127.0.0.1./', 'address'],
    ['https://%31%32%37.0.0.1/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[::ffff:127.0.0.1]/', 'address'],
    ['https://[fd00::1]/', 'address'],
    ['https://localhost/', 'local_name'],
    ['https://LOCALHOST/', 'local_name'],
    ['https://localhost./', 'local_name'],
    ['https://idp.localhost/', 'local_name'],
    ['https://idp.local/', 'local_name'],
    ['https://metadata.google.internal/', 'local_name'],
    ['https://idp.corp/', 'local_name'],
    ['https://idp.home.arpa/', 'local_name'],
    ['https://1.0.0.127.in-addr.arpa/', 'local_name'],
    ['https://adfs/metadata', 'local_name'],
    ['https://idp.example./metadata', 'local_name'],
    ['https://idp.example:22/', 'port'],
    ['https://idp.example:80/', 'port'],
    ['https://idp.example:6379/', 'port'],
  ]
  it.each(refused)('D04 %s is refused: %s', (url, reason) => {
    expect(checkMetadataUrl(url, { allowLoopback: false })).toMatchObject({
      ok: false,
      failure: { code: 'saml.metadata_fetch', reason },
    })
  })

  it('D04 a refused URL is shown without its password', () => {
    const result = checkMetadataUrl('https://ann:secret@idp.example/m', { allowLoopback: false })
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  it.each(['http://localhost:8788/m', 'http://127.0.0.1:8788/m', 'http://localhost/m'])(
    'D04 %s may be fetched while PUBLIC_URL is on localhost',
    (url) => {
      expect(checkMetadataUrl(url, { allowLoopback: true })).toMatchObject({ ok: true })
    },
  )

  it.each([
    'http://idp.example/m',
    'http://127.0.0.2/m',
    'http://localhost.evil.example/m',
    'http://[::1]/m',
    'https://10.0.0.1/m',
    'http://user@localhost/m',
  ])('D04 %s is refused even while PUBLIC_URL is on localhost', (url) => {
    expect(checkMetadataUrl(url, { allowLoopback: true }).ok).toBe(false)
  })

  it('D04 every reason has a remedy', () => {
    for (const [, reason] of refused) expect(metadataFetchFixes).toHaveProperty(reason)
  })
})

describe('fetching metadata', () => {
  const url = 'https://idp.example/metadata'
  const run = (
    answers: Record<string, () => Response | Promise<Response>>,
    limits: Record<string, number> = {},
  ) => {
    const { fetch, asked } = peer(answers)
    return { asked, result: fetchMetadata(url, { fetch, limits, allowLoopback: false }) }
  }
  const refusal = (reason: string) => ({
    ok: false,
    failure: { code: 'saml.metadata_fetch', reason },
  })

  it.each([
    'application/samlmetadata+xml',
    'application/xml; charset=utf-8',
    'text/xml',
    'Application/XML;charset=UTF-8',
  ])('D04 positive control: %s is returned as it came', async (type) => {
    const { result, asked } = run({
      [url]: () => new Response('\ufeff<x/>', { headers: { 'content-type': type } }),
    })
    const fetched = await result
    expect(fetched).toMatchObject({ ok: true, value: { urls: [url] } })
    expect(fetched.ok && [...fetched.value.bytes]).toEqual([...Buffer.from('\ufeff<x/>')])
    expect(asked).toHaveLength(1)
    expect(asked[0]?.init).toMatchObject({ method: 'GET', redirect: 'manual' })
    expect(asked[0]?.init.signal).toBeInstanceOf(AbortSignal)
  })

  it('D04 three redirects are followed, and every URL is reported', async () => {
    const { result } = run({
      [url]: () => redirect('/a', 301),
      'https://idp.example/a': () => redirect('https://cdn.example/b', 307),
      'https://cdn.example/b': () => redirect('c', 308),
      'https://cdn.example/c': () => new Response('<x/>', { headers: xml }),
    })
    expect(await result).toMatchObject({
      ok: true,
      value: {
        urls: [url, 'https://idp.example/a', 'https://cdn.example/b', 'https://cdn.example/c'],
      },
    })
  })

  it('D04 a fourth redirect is refused', async () => {
    const { result, asked } = run({
      [url]: () => redirect('/1'),
      'https://idp.example/1': () => redirect('/2'),
      'https://idp.example/2': () => redirect('/3'),
      'https://idp.example/3': () => redirect('/4'),
      'https://idp.example/4': () => new Response('<x/>', { headers: xml }),
    })
    expect(await result).toMatchObject(refusal('redirects'))
    expect(asked).toHaveLength(4)
  })

  it.each([
    ['http://idp.example/metadata', 'scheme'],
    ['https://169.254.169.254/latest/meta-data/', 'address'],
    ['//127.0.0.1/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://metadata.google.internal/', 'local_name'],
    ['https://user:secret@idp.example/', 'credentials'],
    ['https://idp.example:22/', 'port'],
    ['file:///etc/passwd', 'scheme'],
    ['https://', 'not_a_url'],
  ])('D04 a redirect to %j is refused: %s', async (location, reason) => {
    const { result, asked } = run({ [url]: () => redirect(location) })
    expect(await result).toMatchObject(refusal(reason))
    expect(asked.map((request) => request.url)).toEqual([url])
  })

  it.each([200, 300, 302, 304, 401, 403, 404, 500])(
    'D04 the status decides: %d',
    async (status) => {
      const body = status === 304 ? null : '<x/>'
      const { result } = run({ [url]: () => new Response(body, { status, headers: xml }) })
      if (status === 200) expect((await result).ok).toBe(true)
      else expect(await result).toMatchObject(refusal('status'))
    },
  )

  it.each(['text/html; charset=utf-8', 'application/json', 'image/svg+xml', 'text/xmlx', ''])(
    'D04 the content type %j is refused',
    async (type) => {
      const { result } = run({
        [url]: () => new Response(Buffer.from('<x/>'), { headers: { 'content-type': type } }),
      })
      expect(await result).toMatchObject(refusal('content_type'))
    },
  )

  /** Counts what is pulled, so that a test can tell a capped stream from a collected one. */
  function endless(chunkBytes: number) {
    const seen = { pulled: 0, cancelled: false }
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        seen.pulled += chunkBytes
        controller.enqueue(new Uint8Array(chunkBytes))
      },
      cancel() {
        seen.cancelled = true
      },
    })
    return { seen, body }
  }

  it('D04 a body without end is dropped at 1 MiB', async () => {
    const { seen, body } = endless(64 * 1024)
    const { result } = run({ [url]: () => new Response(body, { headers: xml }) })
    expect(await result).toMatchObject(refusal('too_large'))
    expect(seen.cancelled).toBe(true)
    expect(seen.pulled).toBeLessThanOrEqual(1024 * 1024 + 4 * 64 * 1024)
  })

  it('D04 a body of exactly 1 MiB is read, one octet more is not', async () => {
    const of = (length: number) =>
      run({ [url]: () => new Response(new Uint8Array(length), { headers: xml }) }).result
    expect((await of(1024 * 1024)).ok).toBe(true)
    expect(await of(1024 * 1024 + 1)).toMatchObject(refusal('too_large'))
  })

  it('D04 a declared length above the limit is refused without reading', async () => {
    const { seen, body } = endless(1024)
    const headers = { ...xml, 'content-length': '2000000' }
    const { result } = run({ [url]: () => new Response(body, { headers }) })
    expect(await result).toMatchObject(refusal('too_large'))
    expect(seen.pulled).toBeLessThanOrEqual(2 * 1024)
  })

  it('D04 a server that never answers is given up', async () => {
    const fetch: Fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('x', 'TimeoutError')))
      })
    const options = { fetch, limits: { metadataFetchMs: 5 }, allowLoopback: false }
    expect(await fetchMetadata(url, options)).toMatchObject(refusal('time_limit'))
  })

  it('D04 a Location means nothing without a status that says so', async () => {
    const headers = { ...xml, location: 'https://10.0.0.1/' }
    const answer = (status: number) =>
      run({ [url]: () => new Response(status === 304 ? null : '<x/>', { status, headers }) }).result
    expect((await answer(200)).ok).toBe(true)
    for (const status of [201, 300, 304]) {
      expect(await answer(status)).toMatchObject(refusal('status'))
    }
  })

  it('D04 a body that breaks off because time is up says so', async () => {
    const fetch: Fetch = async (_url, init) => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) =>
          init.signal?.addEventListener('abort', () => controller.error(new Error('aborted'))),
      })
      return new Response(body, { headers: xml })
    }
    const options = { fetch, limits: { metadataFetchMs: 5 }, allowLoopback: false }
    expect(await fetchMetadata(url, options)).toMatchObject(refusal('time_limit'))
  })

  it('D04 a body that stalls is given up', async () => {
    const stalled = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([60])),
    })
    const { result } = run(
      { [url]: () => new Response(stalled, { headers: xml }) },
      { metadataFetchMs: 5 },
    )
    expect(await result).toMatchObject(refusal('time_limit'))
  })

  it('D04 an unreachable server and a body that breaks off are failures, not exceptions', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError('terminated')),
    })
    expect(await run({}).result).toMatchObject(refusal('network'))
    expect(await run({ [url]: () => new Response(broken, { headers: xml }) }).result).toMatchObject(
      refusal('network'),
    )
  })

  it('D04 nothing is asked when the URL itself is refused', async () => {
    const { fetch, asked } = peer({})
    const result = await fetchMetadata('https://10.0.0.1/m', { fetch, allowLoopback: false })
    expect(result).toMatchObject(refusal('address'))
    expect(asked).toHaveLength(0)
  })
})
