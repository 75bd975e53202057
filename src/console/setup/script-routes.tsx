import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { checkScriptInput } from '../script/input.ts'
import { show, showProblem, url } from '../show.tsx'
import { readPage, type SetupPage } from './page.ts'
import { type Asked, type Kind, kinds, ScriptPage } from './script-page.tsx'

export const scriptRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/o/{org}/setup/script', part: 'saml', handle: showScript },
  { method: 'get', path: '/o/{org}/setup/script/file', part: 'saml', handle: sendScript },
]

async function showScript(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const asked = askedOf(request)
  const checked = inputOf(read.page, asked)
  return show(request, {
    title: 'Script for Microsoft Entra',
    tab: 'setup',
    status: checked.ok ? 200 : 400,
    children: (
      <ScriptPage
        asked={asked}
        maySync={read.page.parts.includes('scim')}
        action={url(request, '/setup/script')}
        download={url(request, `/setup/script/file?${searchOf(asked)}`)}
        back={read.page.href('')}
        input={checked.ok ? checked.value : null}
        errors={checked.ok ? [] : checked.failure}
      />
    ),
  })
}

/** The script as a file, never shown as a page: whatever stands in it is text. */
async function sendScript(request: ConsoleRequest): Promise<Response> {
  const read = await readPage(request)
  if (!read.ok) return showProblem(request, read.problem)
  const asked = askedOf(request)
  const checked = inputOf(read.page, asked)
  if (!checked.ok) return showScript(request)
  const { file, make } = kinds[asked.kind]
  return request.c.body(make(checked.value), 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${file}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
}

/** The choices of the address; at first those that most want. */
function askedOf(request: ConsoleRequest): Asked {
  const kind = request.query('kind')
  const isSent = request.query('sent') !== ''
  return {
    kind: Object.hasOwn(kinds, kind) ? (kind as Kind) : 'powershell',
    name: isSent ? request.query('name') : 'Portico',
    withScim: isSent ? request.query('scim') !== '' : true,
    claims: request.c.req.queries('claims') ?? [],
  }
}

function searchOf({ kind, name, withScim, claims }: Asked): URLSearchParams {
  const search = new URLSearchParams({
    sent: 'yes',
    kind,
    name,
    ...(withScim ? { scim: 'true' } : {}),
  })
  for (const claim of claims) search.append('claims', claim)
  return search
}

function inputOf({ request, facts, parts }: SetupPage, { name, withScim, claims }: Asked) {
  const { publicUrl, graphUrl, entraLoginUrl } = request.c.get('deps').config
  return checkScriptInput({
    ...{ name, claims, publicUrl, graphUrl },
    loginUrl: entraLoginUrl,
    withScim: withScim && parts.includes('scim'),
    setupUrl: `${publicUrl}${url(request, '/setup')}`,
    connectionId: facts.connection?.id ?? null,
    tenantId: facts.connection?.tenantId ?? null,
  })
}
