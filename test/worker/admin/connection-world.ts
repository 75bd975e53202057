import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { certificatePem } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { buildMetadata, type MetadataOptions } from '../../support/saml-messages.ts'
import { type AdminApi, createContoso, type Json, textOf } from './admin-client.ts'

export const entraMetadataUrl = `https://login.microsoftonline.com/${context.tenantId}/federationmetadata/2007-06/federationmetadata.xml`
export const appId = '2d4d3d8e-2be3-4bef-9f87-7875a61c29de'

export const manual = {
  entityId: 'https://idp.example/saml',
  ssoUrl: 'https://idp.example/sso',
  certificates: [certificatePem('K')],
}

/** Serves the metadata of a provider at Entra's address. */
export async function serveMetadata(
  api: AdminApi,
  options: MetadataOptions = {},
  url = entraMetadataUrl,
): Promise<void> {
  const xml = await buildMetadata({ byteOrderMark: true, ...options })
  api.network.set(url, () => new Response(xml, { headers: { 'content-type': 'application/xml' } }))
}

/** Contoso with a connection; by manual values of a provider that is not Entra unless told. */
export async function createConnection(api: AdminApi, body: Json = {}): Promise<Json> {
  if ((await api.get('/organizations/contoso')).status === 404) await createContoso(api)
  const isSourced = 'metadataXml' in body || 'metadataUrl' in body || 'manual' in body
  const created = await api.post('/organizations/contoso/connections', {
    name: 'Entra',
    ...(isSourced ? {} : { manual }),
    ...body,
  })
  expect([created.status, created.body['errors']]).toEqual([201, undefined])
  return created.body
}

export function pathOf(connection: Json): string {
  return `/organizations/contoso/connections/${textOf(connection, 'id')}`
}

/** A person of Contoso, as a sign-in would make one. */
export async function addPerson(
  id: string,
  values: { connectionId?: string | null; userName?: string; organization?: string } = {},
): Promise<string> {
  const organizationId = await organizationIdOf(values.organization ?? 'contoso')
  const userName = values.userName ?? `${id}@contoso.com`
  await env.DB.prepare(
    `insert into people (id, organization_id, connection_id, user_name, user_name_key, created_by, profile, provenance,
      groups, roles, mapping_version, created_at, updated_at)
      values (?, ?, ?, ?, ?, 'saml', ?, ?, '["g1"]', '["member"]', 1, 1, 1)`,
  )
    .bind(
      id,
      organizationId,
      values.connectionId ?? null,
      userName,
      userName.toLowerCase(),
      JSON.stringify({ displayName: 'Ann Example', title: 'Chief' }),
      JSON.stringify({ displayName: { source: 'saml', at: 1000, rule: 'displayName' } }),
    )
    .run()
  return id
}

/** The person’s identity, as a sign-in through the connection would have bound it. */
export async function bindPerson(
  personId: string,
  connectionId: string,
  key = `saml:${connectionId}:${personId}`,
): Promise<void> {
  await env.DB.prepare(
    `insert into identities (organization_id, key, person_id, connection_id, bound_by, created_at)
      select organization_id, ?, id, ?, 'saml', 1 from people where id = ?`,
  )
    .bind(key, connectionId, personId)
    .run()
}

/** The identity of somebody in the tenant of the tests. */
export function entraKey(objectId: string, tenantId: string = context.tenantId): string {
  return `entra:${tenantId}:${objectId}`
}

export async function addSession(
  id: string,
  {
    personId,
    connectionId = null,
    expiresAt = Date.UTC(2030, 0),
  }: {
    personId: string
    connectionId?: string | null
    expiresAt?: number
  },
): Promise<string> {
  await env.DB.prepare(
    `insert into sessions (id, token_sha256, organization_id, person_id, connection_id, user_agent, created_at, expires_at)
      select ?, ?, organization_id, id, ?, 'Browser', 1, ? from people where id = ?`,
  )
    .bind(id, `sha256 of ${id}`, connectionId, expiresAt, personId)
    .run()
  return id
}

async function organizationIdOf(slug: string): Promise<string> {
  const id = await env.DB.prepare('select id from organizations where slug = ?')
    .bind(slug)
    .first<string>('id')
  if (id === null) throw new Error(`no organization ${slug}`)
  return id
}

/** One value of the database. */
export async function readValue<T>(sql: string, ...values: unknown[]): Promise<T | null> {
  return env.DB.prepare(sql)
    .bind(...values)
    .first<T>('value')
}
