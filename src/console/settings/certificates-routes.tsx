import type { ConnectionAnswer } from '../../admin/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { go, showProblem, url } from '../show.tsx'
import { CertificatesPage } from './certificates-page.tsx'
import { showSettings } from './frame.tsx'

const path = '/o/{org}/settings/certificates'
const one = `${path}/{connection}/{certificate}`

export const certificateRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, handle: showCertificates },
  {
    method: 'post',
    path: `${one}/retire`,
    handle: (request) => step(request, 'retireCertificate', 'distrusted'),
  },
  {
    method: 'post',
    path: `${one}/restore`,
    handle: (request) => step(request, 'restoreCertificate', 'trusted'),
  },
]

async function showCertificates(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<{ items: readonly ConnectionAnswer[] }>('listConnections', {
    query: { limit: '100' },
  })
  return listed.ok
    ? showSettings(request, {
        page: 'certificates',
        children: <CertificatesPage request={request} connections={listed.value.items} />,
      })
    : showProblem(request, listed.problem)
}

async function step(request: ConsoleRequest, operation: string, done: string): Promise<Response> {
  const params = {
    connection: request.param('connection'),
    certificate: request.param('certificate'),
  }
  const taken = await request.call(operation, { params })
  return taken.ok
    ? go(request, url(request, '/settings/certificates'), done)
    : showProblem(request, taken.problem)
}
