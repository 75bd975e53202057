import { describe, expect, it } from 'vitest'
import { blamed, createContoso, openAdminApi, textOf } from './admin-client.ts'
import { createConnection, pathOf } from './connection-world.ts'

const none = { organization: null, connection: null, loginUrl: null, signIn: null }

describe('discovery', () => {
  it('leads from an email to the active connection of the organization that proved its domain', async () => {
    const api = openAdminApi()
    const contoso = await createContoso(api)
    await api.patch('/organizations/contoso', { domains: ['contoso.com'], signIn: 'required' })
    const organization = { id: contoso['id'], slug: 'contoso', name: 'Contoso' }
    const find = async (email: string) =>
      (await api.get(`/discovery?email=${encodeURIComponent(email)}`)).body
    const inactive = { organization, connection: null, loginUrl: null, signIn: 'required' }
    expect(await find('ann@contoso.com')).toEqual(inactive)
    const connection = await createConnection(api, { status: 'testing' })
    expect(await find('ann@contoso.com')).toEqual(inactive)
    await api.patch(pathOf(connection), { status: 'active' })
    const id = textOf(connection, 'id')
    const active = {
      organization,
      connection: id,
      loginUrl: `https://sso.example.com/saml/${id}/login`,
      signIn: 'required',
    }
    expect(await find('ann@contoso.com')).toEqual(active)
    expect(await find('"odd name@x"@CONTOSO.com')).toEqual(active)
    expect(await find('ann@mail.contoso.com')).toEqual(none)
    expect(await find('ann@contoso.com.example')).toEqual(none)
  })

  it('does not follow a domain that is only claimed', async () => {
    const api = openAdminApi()
    await createContoso(api)
    await createConnection(api, { status: 'active' })
    await api.post('/organizations/contoso/domains', { domain: 'contoso.com' })
    expect((await api.get('/discovery?email=ann@contoso.com')).body).toEqual(none)
  })

  it.each([['email='], ['email=ann'], ['email=@contoso.com'], ['email=ann@localhost'], ['']])(
    'refuses ?%s naming the email',
    async (query) => {
      const refused = await openAdminApi().get(`/discovery?${query}`)
      expect([refused.status, blamed(refused)]).toEqual([400, ['email']])
    },
  )
})
