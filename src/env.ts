import {
  base64Decode,
  err,
  isId,
  type KeyRing,
  ok,
  parseKeyRing,
  type Result,
} from './kernel/index.ts'

/** What the platform hands in: bindings, secrets and variables of wrangler.toml. */
export type Env = {
  readonly DB: D1Database
  /** The static files of `public/`. */
  readonly ASSETS: Fetcher
  readonly LIMIT_DOOR: RateLimit
  readonly LIMIT_UNKNOWN: RateLimit
  readonly LIMIT_EVIDENCE: RateLimit
  readonly LIMIT_SCIM: RateLimit
  readonly ADMIN_KEY?: string
  readonly ADMIN_KEY_NEXT?: string
  readonly ENCRYPTION_KEYS?: string
  readonly PUBLIC_URL?: string
  readonly ENTRA_LOGIN_URL?: string
  readonly GRAPH_URL?: string
  readonly DOH_URL?: string
  readonly WORKERS_PLAN?: string
  readonly ACCESS_TEAM_DOMAIN?: string
  readonly ACCESS_AUD?: string
  readonly OPERATOR_ORG?: string
}

/** The configuration, parsed and checked once per isolate. */
export type Config = {
  /** Scheme and host of every URL that Portico gives out; never stored, so it can change. */
  readonly publicUrl: string
  /** Whether PUBLIC_URL is on localhost: only then may peers be `http://localhost` or `http://127.0.0.1`. */
  readonly loopback: boolean
  readonly entraLoginUrl: string
  readonly graphUrl: string
  readonly dohUrl: string
  /** One or two admin keys, both valid, so that they can be rotated. */
  readonly adminKeys: readonly string[]
  readonly keyRing: KeyRing
  /** Which of Cloudflare's plans this is: how much one invocation may do. */
  readonly workersPlan: 'free' | 'paid'
  /** Cloudflare Access in front of the console: where its keys are, and for which application. */
  readonly access: { readonly teamUrl: string; readonly audience: string } | null
  /** Id of the organization whose people with the role `operator` are operators. */
  readonly operatorOrg: string | null
}

export type ConfigFailure = {
  readonly code: 'config.invalid'
  /** One sentence per problem: the variable, what is wrong and the remedy. Never a value. */
  readonly problems: readonly string[]
}

const limiters = ['LIMIT_DOOR', 'LIMIT_UNKNOWN', 'LIMIT_EVIDENCE', 'LIMIT_SCIM'] as const

/** Characters of 32 random bytes in base64url: anything shorter was made up by a person. */
const minAdminKeyLength = 43

/**
 * Reads and checks every variable.
 * @returns the configuration, or all problems at once, so that an operator mends them in one go
 */
export function parseConfig(env: Env): Result<Config, ConfigFailure> {
  const problems: string[] = []
  const publicUrl = origin(env.PUBLIC_URL, 'PUBLIC_URL', problems)
  const loopback = isLoopback(publicUrl)
  if (publicUrl !== '' && !publicUrl.startsWith('https:') && !loopback) {
    problems.push('PUBLIC_URL must begin with https:// (http is for localhost only).')
  }
  const peers = {
    entraLoginUrl: peer(
      env.ENTRA_LOGIN_URL ?? 'https://login.microsoftonline.com',
      'ENTRA_LOGIN_URL',
    ),
    graphUrl: peer(env.GRAPH_URL ?? 'https://graph.microsoft.com', 'GRAPH_URL'),
    dohUrl: peer(env.DOH_URL ?? 'https://cloudflare-dns.com/dns-query', 'DOH_URL'),
  }
  const adminKeys = [env.ADMIN_KEY ?? '', env.ADMIN_KEY_NEXT ?? ''].filter((key) => key !== '')
  if (env.ADMIN_KEY === undefined || env.ADMIN_KEY === '') {
    problems.push('ADMIN_KEY is missing: set it with `wrangler secret put ADMIN_KEY`.')
  } else if (adminKeys.some((key) => key.length < minAdminKeyLength)) {
    problems.push(
      'ADMIN_KEY and ADMIN_KEY_NEXT must hold at least 32 random bytes (43 characters of base64url).',
    )
  }
  for (const name of limiters) {
    // What is not bound would only be noticed by the first request that asks it.
    if (typeof env[name]?.limit !== 'function') {
      problems.push(`${name} is not bound: take its [[ratelimits]] from wrangler.toml.`)
    }
  }
  const keyRing = parseKeyRing(env.ENCRYPTION_KEYS ?? '', base64Decode)
  if (keyRing === null) {
    problems.push(
      'ENCRYPTION_KEYS must be `kid:key` or `kid:key,kid:key` with keys of 32 bytes in base64 and different kids.',
    )
  }
  // Whoever does not say gets what works on both; on localhost nothing is limited.
  const workersPlan = env.WORKERS_PLAN ?? (loopback ? 'paid' : 'free')
  if (workersPlan !== 'free' && workersPlan !== 'paid') {
    problems.push(
      'WORKERS_PLAN must be free or paid, the plan of Cloudflare Workers that this runs on.',
    )
    return err({ code: 'config.invalid', problems })
  }
  const access = readAccess(env, problems)
  const operatorOrg = env.OPERATOR_ORG ?? ''
  if (operatorOrg !== '' && !isId('org', operatorOrg)) {
    problems.push('OPERATOR_ORG must be the id of an organization (org_…), not its slug.')
  }
  if (problems.length > 0 || keyRing === null) return err({ code: 'config.invalid', problems })
  return ok({
    ...{ publicUrl, loopback, ...peers, adminKeys, keyRing, workersPlan, access },
    operatorOrg: operatorOrg === '' ? null : operatorOrg,
  })

  function peer(text: string, name: string): string {
    const url = URL.parse(text)
    const secure = url?.protocol === 'https:' || (loopback && isLoopback(url?.origin ?? ''))
    if (url === null || !secure || url.username !== '' || url.search !== '' || url.hash !== '') {
      problems.push(`${name} must be an https URL without credentials, query or fragment.`)
      return ''
    }
    return text.replace(/\/$/, '')
  }
}

/** Both of Cloudflare Access's variables or none: with one alone nobody could be recognized. */
function readAccess(env: Env, problems: string[]): Config['access'] {
  const domain = env.ACCESS_TEAM_DOMAIN ?? ''
  const audience = env.ACCESS_AUD ?? ''
  if (domain === '' && audience === '') return null
  if (!/^[a-z0-9-]+\.cloudflareaccess\.com$/.test(domain)) {
    problems.push('ACCESS_TEAM_DOMAIN must be of the form team.cloudflareaccess.com.')
  }
  if (!/^[0-9a-f]{64}$/.test(audience)) {
    problems.push(
      'ACCESS_AUD must be the application audience tag of Access, 64 hexadecimal digits.',
    )
  }
  return { teamUrl: `https://${domain}`, audience }
}

function origin(text: string | undefined, name: string, problems: string[]): string {
  const url = URL.parse(text ?? '')
  if (
    url === null ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  ) {
    problems.push(
      `${name} must be the origin that people reach Portico at, such as https://sso.example.com, without a path.`,
    )
    return ''
  }
  return url.origin
}

/** Whether an origin is `http://localhost` or `http://127.0.0.1` on any port. */
export function isLoopback(origin: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin)
}
