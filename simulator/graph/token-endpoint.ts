import { findApp, resolveTenant } from '../directory/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { graphResource, issueToken } from './access-tokens.ts'
import { verifyAssertion } from './assertion.ts'
import { loadRegistration, type Registration } from './registration.ts'
import { type TokenRefusal, tokenError } from './token-errors.ts'

const bearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

type Checked = Promise<Result<string, TokenRefusal>> | Result<string, TokenRefusal>

/**
 * Answers `POST /{tenant}/oauth2/v2.0/token` for client credentials.
 * @param tenantName the first segment of the path
 */
export async function answerToken(world: World, tenantName: string, form: URLSearchParams) {
  const checked = await checkClient(world, tenantName, form)
  if (!checked.ok) return tokenError(checked.failure, world.nowMs())
  return { status: 200, body: issueToken(world, checked.value) } as const
}

/** @returns the client's id */
function checkClient(world: World, tenantName: string, form: URLSearchParams): Checked {
  const refuse = (code: TokenRefusal['code'], about = '') => err({ code, about })
  const shared = ['common', 'organizations', 'consumers'].includes(tenantName.toLowerCase())
  if (shared) return refuse('50059')
  if (!resolveTenant(tenantName)) return refuse('90002', tenantName)
  for (const name of ['grant_type', 'client_id', 'scope']) {
    if (!form.get(name)) return refuse('900144', name)
  }
  const grant = form.get('grant_type') ?? ''
  if (grant !== 'client_credentials') return refuse('70003', grant)
  const scope = form.get('scope') ?? ''
  if (!scope.endsWith('/.default')) return refuse('1002012', scope)
  const resource = scope.slice(0, -'/.default'.length)
  // A simulator that stands for Graph is reached under its own name.
  if (resource !== graphResource && resource !== world.baseUrl) return refuse('500011', resource)
  const clientId = (form.get('client_id') ?? '').toLowerCase()
  if (findApp(world.sql, clientId) === null) return refuse('700016', clientId)
  return authenticate(world, { form, clientId, tenantName })
}

async function authenticate(
  world: World,
  by: { readonly form: URLSearchParams; readonly clientId: string; readonly tenantName: string },
): Promise<Result<string, TokenRefusal>> {
  const { form, clientId, tenantName } = by
  const registration = loadRegistration(world.sql, clientId)
  const secret = form.get('client_secret')
  if (secret !== null) return checkSecret(registration, { secret, clientId, nowMs: world.nowMs() })
  const assertion = form.get('client_assertion')
  if (assertion === null || form.get('client_assertion_type') !== bearer) {
    return err({ code: '7000218', about: '' })
  }
  const audience = `${world.baseUrl}/${tenantName}/oauth2/v2.0/token`
  const verified = await verifyAssertion(world, assertion, { clientId, audience, registration })
  return verified.ok ? ok(clientId) : verified
}

function checkSecret(
  { secrets }: Registration,
  given: { readonly secret: string; readonly clientId: string; readonly nowMs: number },
): Result<string, TokenRefusal> {
  const found = secrets.find(({ secret }) => secret === given.secret)
  if (found === undefined) return err({ code: '7000215', about: given.clientId })
  return found.expiresAtMs <= given.nowMs
    ? err({ code: '7000222', about: given.clientId })
    : ok(given.clientId)
}
