import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * A provider's public address that sends everybody on to another host, as Entra does with a customer's
 * AD FS. Messages arrive there as if they had been meant for it.
 */
export async function openFrontDoor(target: string): Promise<{
  readonly url: string
  readonly visits: readonly string[]
  close(): Promise<void>
}> {
  const visits: string[] = []
  const server = createServer(async (request, response) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    visits.push(request.method ?? '')
    const parameters = await parametersOf(request)
    const message = parameters.get('SAMLRequest') ?? ''
    const bytes = Buffer.from(message, 'base64')
    const xml = (request.method === 'POST' ? bytes : inflateRawSync(bytes)).toString()
    const own = xml.replace(`Destination="${url}/saml2"`, `Destination="${target}"`)
    parameters.set('SAMLRequest', deflateRawSync(own).toString('base64'))
    response.writeHead(302, { Location: `${target}?${parameters}` }).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/saml2`,
    visits,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

async function parametersOf(request: IncomingMessage): Promise<URLSearchParams> {
  const { searchParams } = new URL(request.url ?? '/', 'http://front-door')
  if (request.method !== 'POST') return searchParams
  return new URLSearchParams([...searchParams, ...new URLSearchParams(await text(request))])
}
