import { env } from 'cloudflare:workers'
import { openDatabase, tables } from '../../../src/db/index.ts'
import { sha256Hex } from '../../../src/kernel/index.ts'
import { refreshDueMetadata } from '../../../src/saml/index.ts'
import { certificateDer, type KeyName } from '../../support/keys.ts'
import { context } from '../../support/saml-context.ts'
import { buildMetadata, type MetadataOptions } from '../../support/saml-messages.ts'
import { createContoso, doorWorld } from '../support/door-world.ts'

export const appId = '2d4d3d8e-2be3-4bef-9f87-7875a61c29de'
const path = `/${context.tenantId}/federationmetadata/2007-06/federationmetadata.xml`
export const entraUrl = `https://login.microsoftonline.com${path}?appid=${appId}`
export const otherHostUrl = `https://metadata.example${path}?appid=${appId}`

export const xmlHeaders = { 'content-type': 'application/samlmetadata+xml' }

/** Contoso's connection with K from metadata, at the minute at which its refresh is due. */
export async function metadataWorld(options: { readonly url?: string } = {}) {
  const { db } = await createContoso({ connection: { metadataUrl: options.url ?? entraUrl } })
  await db.update(tables.connectionCertificates).set({ origin: 'metadata' })
  const door = doorWorld()
  await makeDue(context.nowMs)
  const served = new Map<string, () => Response | Promise<Response>>()
  const asked: string[] = []
  const deps = {
    ...door.deps,
    fetch: async (input: RequestInfo | URL) => {
      const url = String(input)
      asked.push(url)
      const answer = served.get(url)
      if (answer === undefined) throw new TypeError('Network connection lost.')
      return answer()
    },
  }

  /** Serves Entra's metadata, or that of whom the options say. */
  async function serve(documentOptions: MetadataOptions, url = options.url ?? entraUrl) {
    const xml = await buildMetadata(documentOptions)
    served.set(url, () => new Response(xml, { headers: xmlHeaders }))
  }

  async function makeDue(atMs: number) {
    const row = {
      connectionId: context.connectionId,
      organizationId: 'org_00000000000000000000000001',
      dueAt: atMs,
      updatedAt: 0,
    }
    const { metadataRefreshes } = tables
    await openDatabase(env.DB, 'primary')
      .insert(metadataRefreshes)
      .values(row)
      .onConflictDoUpdate({ target: metadataRefreshes.connectionId, set: { dueAt: atMs } })
  }

  /** Lets time pass until the connection is due, and refreshes it. */
  async function refreshAfter(ms: number) {
    door.clock.ms += ms
    await makeDue(door.clock.ms)
    await refreshDueMetadata(deps, door.clock.ms)
  }

  return { ...door, deps, db, served, asked, serve, makeDue, refreshAfter, state }
}

export async function print(key: KeyName): Promise<string> {
  return sha256Hex(certificateDer(key))
}

/** All that a refresh can change. */
async function state() {
  const db = openDatabase(env.DB, 'primary')
  const [connection] = await db.select().from(tables.connections)
  const [refresh] = await db.select().from(tables.metadataRefreshes)
  const certificates = await db.select().from(tables.connectionCertificates)
  const events = await db.select().from(tables.events).orderBy(tables.events.id)
  if (connection === undefined) throw new Error('no connection')
  return {
    connection,
    refresh: refresh ?? null,
    trusted: certificates.map(({ sha256 }) => sha256).sort(),
    certificates,
    events,
    types: events.map(({ type }) => type),
  }
}
