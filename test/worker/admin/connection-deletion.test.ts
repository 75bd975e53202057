import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { buildMetadata } from '../../support/saml-messages.ts'
import { countingD1 } from '../support/counting-d1.ts'
import {
  answer,
  context,
  createContoso as createConnected,
  doorWorld,
  tables,
} from '../support/door-world.ts'
import {
  type AdminApi,
  type Answer,
  blamed,
  countRows,
  createContoso,
  type Json,
  openAdminApi,
  textOf,
} from './admin-client.ts'
import {
  addPerson,
  addSession,
  bindPerson,
  createConnection,
  entraKey,
  pathOf,
  readValue,
} from './connection-world.ts'

const ownerOf = 'select connection_id as value from people where id = ?'

function outcomeOf({ status, body }: Answer): readonly unknown[] {
  return [status, body?.['code']]
}

const gone = [204, undefined]
const bound = [409, 'admin.connection_people_bound']

/** A connection to the tenant of the tests. */
async function createEntra(api: AdminApi): Promise<Json> {
  return createConnection(api, { metadataXml: await buildMetadata() })
}

/** A connection with one person who signed in by it. */
async function connectionOfAnn(
  api: AdminApi,
  create: (api: AdminApi) => Promise<Json> = createConnection,
): Promise<Json> {
  const connection = await create(api)
  const connectionId = textOf(connection, 'id')
  await addPerson('usr_ann', { connectionId })
  const key = create === createEntra ? entraKey('1') : undefined
  await bindPerson('usr_ann', connectionId, key)
  await addSession('ses_ann', { personId: 'usr_ann', connectionId })
  return connection
}

describe('deleting a connection', () => {
  it('ends its sessions, keeps its people, and lets the next connection adopt them', async () => {
    const api = openAdminApi()
    const connection = await createConnection(api)
    const connectionId = textOf(connection, 'id')
    await addPerson('usr_a', { connectionId })
    await addSession('ses_a', { personId: 'usr_a', connectionId })
    await addSession('ses_recovery', { personId: 'usr_a' })
    expect((await api.delete(pathOf(connection))).status).toBe(204)
    expect(await countRows()).toMatchObject({
      connections: 0,
      connection_keys: 0,
      connection_certificates: 0,
      people: 1,
      sessions: 1,
    })
    expect((await api.delete(pathOf(connection))).body['code']).toBe('admin.connection_not_found')
    const next = await createConnection(api)
    expect(await readValue(ownerOf, 'usr_a')).toBe(next['id'])
  })

  it('leaves people where they are while there is another connection', async () => {
    const api = openAdminApi()
    const first = await createConnection(api)
    await createConnection(api)
    await addPerson('usr_a', { connectionId: textOf(first, 'id') })
    await api.delete(pathOf(first))
    expect(await readValue(ownerOf, 'usr_a')).toBe(first['id'])
  })
})

describe('deleting a connection that people are bound to', () => {
  it.each([
    ['Entra', createEntra],
    ['another provider', createConnection],
  ])(
    'of %s is refused as a whole, says how many they are and what to do',
    async (_name, create) => {
      const api = openAdminApi()
      const connection = await connectionOfAnn(api, create)
      const rows = await countRows()
      const refused = await api.delete(pathOf(connection))
      expect(outcomeOf(refused)).toEqual(bound)
      expect(blamed(refused)).toEqual(['connection'])
      expect(refused.text).toContain('1 person')
      expect(refused.text).toContain('disabled')
      expect(refused.text).toContain('retire')
      expect([await countRows(), (await api.get(pathOf(connection))).body]).toEqual([
        rows,
        connection,
      ])
      await addPerson('usr_ben', { connectionId: textOf(connection, 'id') })
      await bindPerson(
        'usr_ben',
        textOf(connection, 'id'),
        create === createEntra ? entraKey('2') : undefined,
      )
      expect((await api.delete(pathOf(connection))).text).toContain('2 people')
    },
  )

  it('is possible once they are retired, and not when they are only blocked', async () => {
    const api = openAdminApi()
    const connection = await connectionOfAnn(api)
    await api.post('/organizations/contoso/users/usr_ann/block')
    expect(outcomeOf(await api.delete(pathOf(connection)))).toEqual(bound)
    await api.post('/organizations/contoso/users/usr_ann/retire')
    expect(outcomeOf(await api.delete(pathOf(connection)))).toEqual(gone)
  })

  it('is possible while another connection of the tenant knows them, which is then the last', async () => {
    const api = openAdminApi()
    const first = await connectionOfAnn(api, createEntra)
    const other = await createConnection(api)
    expect(outcomeOf(await api.delete(pathOf(first)))).toEqual(bound)
    const second = await createEntra(api)
    expect(outcomeOf(await api.delete(pathOf(first)))).toEqual(gone)
    // Ann was bound by the first, and is known by the second alone now.
    expect(outcomeOf(await api.delete(pathOf(second)))).toEqual(bound)
    expect(outcomeOf(await api.delete(pathOf(other)))).toEqual(gone)
  })

  it('is not prevented by people of another connection, tenant or organization', async () => {
    const api = openAdminApi()
    const connection = await createEntra(api)
    const other = await connectionOfAnn(api)
    await addPerson('usr_elsewhere')
    const elsewhere = context.tenantId.replaceAll('a1a1a1a1', 'b1b1b1b1')
    await bindPerson('usr_elsewhere', 'con_gone', entraKey('1', elsewhere))
    await createContoso(api, 'fabrikam')
    await addPerson('usr_theirs', { organization: 'fabrikam' })
    await bindPerson('usr_theirs', textOf(connection, 'id'), entraKey('1'))
    expect(outcomeOf(await api.delete(pathOf(connection)))).toEqual(gone)
    expect(outcomeOf(await api.delete(pathOf(other)))).toEqual(bound)
  })

  it('lets one of two connections of a tenant go when both are deleted at the same moment', async () => {
    const api = openAdminApi()
    const first = await connectionOfAnn(api, createEntra)
    const second = await createEntra(api)
    const answers = await Promise.all([api.delete(pathOf(first)), api.delete(pathOf(second))])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
    expect(await countRows()).toMatchObject({ connections: 1 })
  })
})

describe('a first sign-in while its connection is being deleted', () => {
  const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
  const path = `/organizations/contoso/connections/${context.connectionId}`

  /** Contoso with a provider that is not Entra, and somebody whose response is on its way. */
  async function annAtTheDoor() {
    const idpEntityId = 'https://idp.example/saml'
    const { db } = await createConnected({ connection: { idpEntityId, tenantId: null } })
    const browser = doorWorld().browser()
    const requestId = await browser.start()
    const { form } = await answer(requestId, {
      response: { issuer: idpEntityId },
      assertion: { issuer: idpEntityId, nameIdFormat: persistent, nameId: 'ann' },
    })
    return { db, arrive: () => browser.post(form) }
  }

  /** The Admin API, in whose deletion something else happens just before the batch that writes. */
  function deletingApi(meanwhile: () => Promise<unknown>): AdminApi {
    const counting = countingD1(env.DB)
    let isDone = false
    counting.beforeEachCall(async ({ sql }) => {
      if (isDone || !sql.some((text) => text.startsWith('delete from "connections"'))) return
      isDone = true
      await meanwhile()
    })
    return openAdminApi({ d1: counting.d1, publicUrl: context.publicUrl })
  }

  it('that comes first is let in, and nothing is deleted', async () => {
    const { db, arrive } = await annAtTheDoor()
    const statuses: number[] = []
    const api = deletingApi(async () => statuses.push((await arrive()).status))
    const refused = await api.delete(path)
    expect([statuses, outcomeOf(refused)]).toEqual([[303], bound])
    expect(refused.text).toContain('1 person')
    expect(await db.$count(tables.sessions)).toBe(1)
    expect((await db.select().from(tables.events)).map(({ type }) => type)).toEqual(['sign_in'])
  })

  it('that comes second finds no connection, and nobody is bound', async () => {
    const { db, arrive } = await annAtTheDoor()
    const api = openAdminApi({ publicUrl: context.publicUrl })
    expect(outcomeOf(await api.delete(path))).toEqual(gone)
    expect((await arrive()).status).toBe(404)
    expect([await db.$count(tables.identities), await db.$count(tables.people)]).toEqual([0, 0])
  })
})
