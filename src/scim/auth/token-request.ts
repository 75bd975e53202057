import { readBody } from '../../http/index.ts'
import {
  type Bytes,
  base64Decode,
  decodeUtf8,
  err,
  isId,
  limits,
  ok,
  type Result,
} from '../../kernel/index.ts'
import type { Scope } from './credential.ts'
import type { OauthFailure } from './oauth-errors.ts'

export type Proof =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'assertion'; readonly assertion: string }

/** What a request for an access token asks for, and by which proof. */
export type TokenRequest = {
  readonly clientId: string
  readonly proof: Proof
  readonly scopes: RequestedScopes
}

/** Null for whatever the client has; `named` as it was written, for the answer. */
export type RequestedScopes = {
  readonly wanted: readonly Scope[] | null
  readonly named: readonly string[]
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const known = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]

const refuse = (code: OauthFailure['code'], detail: string) => err<OauthFailure>({ code, detail })
const invalid = (detail: string) => refuse('oauth.invalid_request', detail)

/**
 * Reads a request at the token endpoint (RFC 6749 4.4.2; RFC 7523 2.2 for assertions). Entra sends the
 * client's secret in the header, in the body, or the same in both, as its admin chose (reference a2).
 * @returns what is asked for, or what is wrong with the form
 */
export async function readTokenRequest(
  request: Request,
): Promise<Result<TokenRequest, OauthFailure>> {
  const query = new URL(request.url).searchParams
  if (known.some((name) => query.has(name))) {
    return invalid('Parameters must be in the body, not in the address.')
  }
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) {
    return invalid('The body must be declared as application/x-www-form-urlencoded.')
  }
  const body = await readBody(request, limits.oauthFormBytes)
  const form = body === null ? null : readForm(body)
  if (form === null) return invalid('The body is too large, or is not a form in UTF-8.')
  if (form === 'repeated') return invalid('A parameter is given more than once.')
  return readParameters(form, request.headers.get('authorization'))
}

/** The parameters of a form; empty ones count as left out (RFC 6749 3.2). */
function readForm(body: Bytes): ReadonlyMap<string, string> | 'repeated' | null {
  const text = decodeUtf8(body)
  if (text === null) return null
  const parameters = [...new URLSearchParams(text)]
  const form = new Map(parameters)
  return form.size < parameters.length
    ? 'repeated'
    : new Map([...form].filter(([, value]) => value !== ''))
}

function readParameters(
  form: ReadonlyMap<string, string>,
  authorization: string | null,
): Result<TokenRequest, OauthFailure> {
  const grant = form.get('grant_type')
  if (grant === undefined) return invalid('The parameter grant_type is missing.')
  if (grant !== 'client_credentials') {
    return refuse('oauth.unsupported_grant_type', 'The grant_type must be client_credentials.')
  }
  const scopes = readScopes(form.get('scope'))
  if (!scopes.ok) return scopes
  const client = readClient(form, authorization)
  return client.ok ? ok({ ...client.value, scopes: scopes.value }) : client
}

type Client = Pick<TokenRequest, 'clientId' | 'proof'>

function readClient(
  form: ReadonlyMap<string, string>,
  authorization: string | null,
): Result<Client, OauthFailure> {
  const basic = authorization === null ? null : readBasic(authorization)
  if (basic !== null && !basic.ok) return basic
  const header = basic?.value ?? null
  const [id, secret] = [form.get('client_id'), form.get('client_secret')]
  const assertion = form.get('client_assertion')
  const disagrees =
    header !== null &&
    ((id !== undefined && id !== header.id) || (secret !== undefined && secret !== header.secret))
  if (disagrees) {
    return invalid('The Authorization header and the body name different client credentials.')
  }
  const clientId = header?.id ?? id
  if (clientId === undefined) return invalid('The parameter client_id is missing.')
  if (!isId('cli', clientId)) {
    return refuse('oauth.invalid_client', 'The client id must be one of Portico, such as cli_...')
  }
  const given = header?.secret ?? secret
  if (assertion === undefined) {
    return given === undefined
      ? invalid('There is neither a client secret nor a client_assertion.')
      : ok({ clientId, proof: { kind: 'secret', secret: given } })
  }
  if (given !== undefined) return invalid('There is a client secret beside the client_assertion.')
  if (form.get('client_assertion_type') !== jwtBearer) {
    return invalid(`The client_assertion_type must be ${jwtBearer}.`)
  }
  return ok({ clientId, proof: { kind: 'assertion', assertion } })
}

/** Client id and secret of a Basic header; both are form-encoded before they are joined (RFC 6749 2.3.1). */
function readBasic(header: string): Result<{ id: string; secret: string }, OauthFailure> {
  const [, encoded] = /^basic +(\S+)$/i.exec(header) ?? []
  const bytes = encoded === undefined ? null : base64Decode(encoded)
  const text = bytes === null ? null : decodeUtf8(bytes)
  const colon = text?.indexOf(':') ?? -1
  if (text === null || colon < 0) {
    return invalid('The Authorization header is not Basic with a client id and a secret.')
  }
  const id = formDecode(text.slice(0, colon))
  const secret = formDecode(text.slice(colon + 1))
  return id === null || secret === null
    ? invalid('The Authorization header has a broken percent-encoding.')
    : ok({ id, secret })
}

function formDecode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null // URIError: a broken encoding, and nothing else
  }
}

/**
 * The scopes asked for. `scim`, as Microsoft's examples have it, stands for whatever the client has; write
 * brings read, since nobody writes in SCIM without reading what is there.
 */
function readScopes(text: string | undefined): Result<RequestedScopes, OauthFailure> {
  const named = (text ?? '').split(' ').filter((name) => name !== '')
  if (named.some((name) => !['scim', 'read', 'write'].includes(name))) {
    return refuse('oauth.invalid_scope', 'The scope must be empty, scim, read or write.')
  }
  if (named.length === 0 || named.includes('scim')) return ok({ wanted: null, named })
  return ok({ wanted: named.includes('write') ? ['read', 'write'] : ['read'], named })
}
