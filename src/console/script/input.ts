import { err, isId, ok, type Result } from '../../kernel/index.ts'

/** Claims that the script can add, by the name that Portico understands; the source as claims mapping policies call it. */
export const extraClaims = {
  department: 'department',
  jobTitle: 'jobtitle',
  companyName: 'companyname',
  employeeId: 'employeeid',
  country: 'country',
  preferredLanguage: 'preferredlanguage',
} as const

export type ExtraClaim = keyof typeof extraClaims

/** What the script is made of, as the page has it. */
export type AskedScript = {
  /** What the application is called in Entra. */
  readonly name: string
  readonly publicUrl: string
  /** The page of the set-up guide, where the admin goes meanwhile. */
  readonly setupUrl: string
  /** Null before there is a connection: then the script asks for it on its way. */
  readonly connectionId: string | null
  readonly tenantId: string | null
  readonly graphUrl: string
  readonly loginUrl: string
  readonly withScim: boolean
  readonly claims: readonly string[]
}

/** The same, checked: only such a thing becomes a script. */
export type ScriptInput = Omit<AskedScript, 'claims' | 'graphUrl'> & {
  readonly claims: readonly ExtraClaim[]
  readonly cloud: Cloud
}

/** Where a tenant is, and what differs there (learn.microsoft.com/graph/deployments, applicationTemplate: instantiate). */
export type Cloud = {
  readonly graphUrl: string
  /** Of applications that are in no gallery. */
  readonly templateId: string
  /** For Connect-MgGraph. */
  readonly environment: string
}

const clouds: readonly Cloud[] = [
  {
    graphUrl: 'https://graph.microsoft.com',
    templateId: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
    environment: 'Global',
  },
  {
    graphUrl: 'https://graph.microsoft.us',
    templateId: '4602d0b4-76bb-404b-bca9-2652e1a39c6d',
    environment: 'USGov',
  },
  {
    graphUrl: 'https://dod-graph.microsoft.us',
    templateId: '4602d0b4-76bb-404b-bca9-2652e1a39c6d',
    environment: 'USGovDoD',
  },
  {
    graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
    templateId: '5a532e38-1581-4918-9658-008dc27c1d68',
    environment: 'China',
  },
]

/** The public cloud, also while PUBLIC_URL is on localhost and the tenant a simulated one: a script speaks to Microsoft. */
const publicLogin = 'https://login.microsoftonline.com'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const maxName = 120

export type InputError = { readonly field: string; readonly message: string }

/** Lets into a script only names without hidden characters, ids of their form, and plain addresses. */
export function checkScriptInput(asked: AskedScript): Result<ScriptInput, readonly InputError[]> {
  const { claims, graphUrl, loginUrl, ...rest } = asked
  const known = claims.filter((claim) => isExtraClaim(claim))
  const found = clouds.find((cloud) => cloud.graphUrl === graphUrl)
  const cloud = found ?? (clouds[0] as Cloud)
  const login = found === undefined ? publicLogin : loginUrl
  const { name, connectionId, tenantId } = rest
  const isPlainName = /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}])?$/u.test(name)
  const isShort = name.length <= maxName
  const rules: readonly (readonly [isGood: boolean, field: string, message: string])[] = [
    [isPlainName, 'name', 'must be plain text without invisible characters'],
    [isShort, 'name', `must be at most ${maxName} characters`],
    [known.length === claims.length, 'claims', 'must be claims of the list'],
    [connectionId === null || isId('con', connectionId), 'connection', 'must be an id'],
    [tenantId === null || guid.test(tenantId), 'tenant', 'must be a GUID'],
    ...[rest.publicUrl, rest.setupUrl, login].map(
      (url) => [isPlainUrl(url), 'url', 'must be a plain address'] as const,
    ),
  ]
  const errors = rules
    .filter(([isGood]) => !isGood)
    .map(([, field, message]) => ({ field, message }))
  return errors.length > 0 ? err(errors) : ok({ ...rest, loginUrl: login, claims: known, cloud })
}

export function isExtraClaim(claim: string): claim is ExtraClaim {
  return Object.hasOwn(extraClaims, claim)
}

/** An address of letters, digits and the few signs that ours have; nothing that a shell would look at. */
function isPlainUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null && /^https?:$/.test(url.protocol) && /^https?:\/\/[A-Za-z0-9.:_~/-]+$/.test(text)
  )
}

/** What of Portico is entered in Entra. */
export function scriptUrls({ publicUrl }: Pick<ScriptInput, 'publicUrl'>, connectionId: string) {
  const base = `${publicUrl}/saml/${connectionId}`
  return {
    entityId: `${base}/metadata`,
    acsUrl: `${base}/acs`,
    loginUrl: `${base}/login`,
    logoutUrl: `${base}/slo`,
  }
}

/** The body of a claims mapping policy (learn.microsoft.com/entra/identity-platform/reference-claims-customization). */
export function claimsPolicy(claims: readonly ExtraClaim[]): object {
  const schema = claims.map((claim) => ({
    Source: 'user',
    ID: extraClaims[claim],
    SamlClaimType: claim,
  }))
  const policy = { Version: 1, IncludeBasicClaimSet: 'true', ClaimsSchema: schema }
  return {
    displayName: 'Portico claims',
    definition: [JSON.stringify({ ClaimsMappingPolicy: policy })],
  }
}
