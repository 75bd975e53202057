import { err, ok, type Result } from '../../kernel/index.ts'

/** What an assertion of a client must say exactly. */
export type Federation = {
  readonly tenantId: string
  readonly issuer: string
  /** Object id of the provisioning service's principal in the tenant. */
  readonly subject: string
  readonly audience: string
}

const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'
const wholeGuid = new RegExp(`^${guid}$`)
/** Microsoft's pages give three spellings of one application (reference a2). */
const audienceForm = new RegExp(`^(?:api://(${guid})(?:/\\.default)?|(${guid}))$`)

/** The audience of tokens that Entra sends when the secret was left blank: the same for every vendor. */
export const blankSecretAudience = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621'

/** The application that an audience names, in one spelling; null for any other text. */
export function audienceApp(audience: unknown): string | null {
  if (typeof audience !== 'string') return null
  const [, inUri, bare] = audienceForm.exec(audience) ?? []
  return (inUri ?? bare)?.toLowerCase() ?? null
}

/** The issuers that Microsoft documents for a tenant; the first one is what Entra sends. */
export function tenantIssuers(entraLoginUrl: string, tenantId: string): readonly [string, string] {
  return [`${entraLoginUrl}/${tenantId}/v2.0`, `${entraLoginUrl}/${tenantId}`]
}

export type FederationInput = {
  readonly tenantId: string
  readonly issuer?: string | undefined
  readonly subject: string
  readonly audience: string
}

export type FederationProblem = { readonly field: keyof Federation; readonly message: string }

/**
 * Checks what an admin enters for a federated client.
 * @param entraLoginUrl where the tenant's keys will be read
 * @returns the rule with ids in lower case, as Entra writes them, or all that is wrong
 */
export function readFederation(
  input: FederationInput,
  entraLoginUrl: string,
): Result<Federation, readonly FederationProblem[]> {
  const problems: FederationProblem[] = []
  const tenantId = input.tenantId.toLowerCase()
  const issuers = tenantIssuers(entraLoginUrl, tenantId)
  const issuer = input.issuer ?? issuers[0]
  if (!wholeGuid.test(tenantId)) {
    problems.push({ field: 'tenantId', message: 'must be the tenant id, a GUID' })
  } else if (!issuers.includes(issuer)) {
    problems.push({ field: 'issuer', message: `must be ${issuers.join(' or ')}` })
  }
  if (!wholeGuid.test(input.subject)) {
    const message = 'must be the object id of the provisioning service’s principal, a GUID'
    problems.push({ field: 'subject', message })
  }
  const app = audienceApp(input.audience)
  if (app === null) {
    const message = 'must be an application id, api://<id> or api://<id>/.default'
    problems.push({ field: 'audience', message })
  } else if (app === blankSecretAudience) {
    const message = 'is the same for every application of every vendor, so it proves nothing'
    problems.push({ field: 'audience', message })
  }
  if (problems.length > 0) return err(problems)
  const subject = input.subject.toLowerCase()
  return ok({ tenantId, issuer, subject, audience: input.audience })
}
