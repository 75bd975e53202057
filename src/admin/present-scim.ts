import type * as z from '#zod'
import type { Config } from '../http/index.ts'
import { toIso } from '../kernel/index.ts'
import type {
  ClientSecret,
  CredentialChange,
  ScimClient,
  ScimClientWithSecrets,
  ScimToken,
} from '../scim/index.ts'
import type { changeScimCredential, scimClientAnswer, scimTokenAnswer } from './scim-schema.ts'

export function tokenKey({ id, organizationId }: ScimToken) {
  return { organizationId, tokenId: id }
}

/** What an event about a token says of it. */
export function tokenFacts({ id, name, organizationId, connectionId, expiresAt }: ScimToken) {
  return {
    organizationId,
    ...(connectionId === null ? {} : { connectionId }),
    facts: { token: id, name, ...(expiresAt === null ? {} : { expiresAt: toIso(expiresAt) }) },
  }
}

/** A token as the API shows it: without its hash. */
export function presentToken(token: ScimToken, nowMs: number): z.input<typeof scimTokenAnswer> {
  const { id, name, connectionId, scopes, disabledAt, expiresAt } = token
  const isExpired = expiresAt !== null && expiresAt <= nowMs
  return {
    id,
    name,
    connection: connectionId,
    scopes: [...scopes],
    state: isExpired ? 'expired' : disabledAt !== null ? 'disabled' : 'active',
    disabled: disabledAt !== null,
    createdAt: toIso(token.createdAt),
    expiresAt: isoOrNull(expiresAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
  }
}

export function clientKey({ id, organizationId }: ScimClient) {
  return { organizationId, clientId: id }
}

/** What an event about a client says of it. */
export function clientFacts({ id, name, organizationId, connectionId, federation }: ScimClient) {
  return {
    organizationId,
    ...(connectionId === null ? {} : { connectionId }),
    facts: { client: id, name, ...(federation === null ? {} : { federation }) },
  }
}

/** A client as the API shows it: its secrets by their ids. */
export function presentClient(
  { client, secrets }: ScimClientWithSecrets,
  { publicUrl }: Config,
): z.input<typeof scimClientAnswer> {
  return {
    id: client.id,
    name: client.name,
    connection: client.connectionId,
    scopes: [...client.scopes],
    disabled: client.disabledAt !== null,
    federation: client.federation,
    secrets: secrets.map(presentSecret),
    tenantUrl: tenantUrl(publicUrl),
    tokenUrl: `${publicUrl}/oauth/token`,
    createdAt: toIso(client.createdAt),
    updatedAt: toIso(client.updatedAt),
  }
}

/** A client's secret as the API shows it: without its hash. */
export function presentSecret({ id, createdAt, expiresAt, lastUsedAt }: ClientSecret) {
  return {
    id,
    createdAt: toIso(createdAt),
    expiresAt: isoOrNull(expiresAt),
    lastUsedAt: isoOrNull(lastUsedAt),
  }
}

/** Where SCIM is spoken: what Entra calls Tenant URL. */
export function tenantUrl(publicUrl: string): string {
  return `${publicUrl}/scim/v2`
}

/** What a request changes of a token or a client; nothing when all is so already. */
export function credentialChange(
  before: { readonly name: string; readonly disabledAt: number | null },
  { name, disabled }: z.output<typeof changeScimCredential>,
  nowMs: number,
): { readonly change: CredentialChange; readonly changed: readonly string[] } {
  const renames = name !== undefined && name !== before.name
  const switches = disabled !== undefined && disabled !== (before.disabledAt !== null)
  return {
    change: {
      ...(renames ? { name } : {}),
      ...(switches ? { disabledAt: disabled ? nowMs : null } : {}),
    },
    changed: [...(renames ? ['name'] : []), ...(switches ? ['disabled'] : [])],
  }
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : toIso(ms)
}
