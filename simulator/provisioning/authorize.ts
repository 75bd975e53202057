import { bytesToBase64, utf8 } from '../keys/index.ts'
import { err, ok, type Result } from '../result.ts'
import type { World } from '../world.ts'
import { type Failure, failure } from './failure.ts'
import { signAssertion } from './federation.ts'
import type { Credentials, Job } from './job-model.ts'
import { isResource } from './target-path.ts'

/** The value of an Authorization header, and until when it is good. */
export type Authorization = { readonly header: string; readonly expiresAtMs: number }

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

type TokenRequest = { readonly form: URLSearchParams; readonly headers: Record<string, string> }

/** Gets what a job's requests carry: the secret token itself, or an access token for the credentials. */
export async function authorize(world: World, job: Job): Promise<Result<Authorization, Failure>> {
  const { credentials } = job
  if (credentials.kind === 'token') {
    return ok({ header: `Bearer ${credentials.token}`, expiresAtMs: Number.POSITIVE_INFINITY })
  }
  const request = await tokenRequest(world, credentials)
  try {
    const response = await world.fetch(credentials.tokenUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...request.headers },
      body: request.form.toString(),
      redirect: 'manual',
      signal: AbortSignal.timeout(job.timeoutMs),
    })
    return readToken(response.status, await response.text(), world.nowMs())
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return err(
      failure('unavailable', `The token endpoint did not answer: ${why}`, { isFatal: true }),
    )
  }
}

async function tokenRequest(
  world: World,
  credentials: Exclude<Credentials, { kind: 'token' }>,
): Promise<TokenRequest> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const headers: Record<string, string> = {}
  const { clientId, scope } = credentials
  if (credentials.kind === 'federated') {
    form.set('client_id', clientId)
    form.set('client_assertion_type', assertionType)
    form.set('client_assertion', await signAssertion(world, credentials.audience))
  } else {
    const { clientSecret, sentIn } = credentials
    if (sentIn !== 'body') {
      // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
      const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`
      headers['Authorization'] = `Basic ${bytesToBase64(utf8(pair))}`
    }
    if (sentIn !== 'header') {
      form.set('client_id', clientId)
      form.set('client_secret', clientSecret)
    }
  }
  if (scope !== null) form.set('scope', scope)
  return { form, headers }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}

function readToken(status: number, text: string, nowMs: number): Result<Authorization, Failure> {
  const refuse = (detail: string) => err(failure('credentials', detail, { isFatal: true }))
  const json = parsed(text)
  if (status !== 200) {
    const said = isResource(json) ? (json['error_description'] ?? json['error']) : null
    return refuse(String(said ?? `The token endpoint answered ${status}.`))
  }
  if (!isResource(json) || typeof json['access_token'] !== 'string') {
    return refuse('The token endpoint gave no access_token.')
  }
  if (String(json['token_type']).toLowerCase() !== 'bearer') {
    return refuse('The token endpoint’s token_type is not Bearer.')
  }
  const seconds = Number(json['expires_in'] ?? 3600)
  return ok({ header: `Bearer ${json['access_token']}`, expiresAtMs: nowMs + seconds * 1000 })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // said by the caller, in its own words
  }
}
