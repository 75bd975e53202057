import type { DecodeAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { show, showProblem, url } from '../show.tsx'
import { type Choice, DecoderPage } from './pages.tsx'

export const decoderRoutes: readonly ConsoleRoute[] = [
  {
    method: 'get',
    path: '/o/{org}/decoder',
    part: 'saml',
    handle: (request) => showDecoder(request, { decoded: null, problem: null }),
  },
  { method: 'post', path: '/o/{org}/decoder', part: 'saml', handle: decode },
]

type Listed = { readonly items: readonly { readonly id: string; readonly name: string }[] }
type Outcome = { readonly decoded: DecodeAnswer | null; readonly problem: Problem | null }

/** Text that is shown again beside what it says; more would make the page heavy. */
const keptLength = 16 * 1024

async function decode(request: ConsoleRequest): Promise<Response> {
  const { form } = request
  const connection = form.text('connection')
  const answer = await request.call<DecodeAnswer>('decode', {
    body: {
      text: form.text('text'),
      judgedAt: form.text('judgedAt') === 'now' ? 'now' : 'issued',
      ...(connection === '' ? {} : { connection }),
    },
  })
  return showDecoder(
    request,
    answer.ok
      ? { decoded: answer.value, problem: null }
      : { decoded: null, problem: answer.problem },
  )
}

async function showDecoder(request: ConsoleRequest, { decoded, problem }: Outcome) {
  const listed = await request.call<Listed>('listConnections', { query: { limit: '50' } })
  if (!listed.ok) return showProblem(request, listed.problem)
  const choices: readonly Choice[] = [
    ...listed.value.items.map(({ id, name }) => [id, name] as const),
    ['', 'No connection: only read it'],
  ]
  const text = request.form.text('text')
  const isSent = request.c.req.method === 'POST'
  return show(request, {
    title: 'Decoder',
    tab: 'decoder',
    status: problem?.status ?? 200,
    children: (
      <DecoderPage
        request={request}
        action={url(request, '/decoder')}
        choices={choices}
        chosen={isSent ? request.form.text('connection') : (choices[0]?.[0] ?? '')}
        text={text.length > keptLength ? '' : text}
        decoded={decoded}
        problem={problem}
      />
    ),
  })
}
