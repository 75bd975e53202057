import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { restartJob, tickProvisioning } from '../../simulator/provisioning/index.ts'
import { startProvisioning } from './provisioning-world.ts'
import { enterprise, scimError, scimJson, scimUrl } from './scim-stand-in.ts'
import { adele, appId, baseUrl, tenantId } from './simulator.ts'

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const tokenUrl = 'http://localhost:8787/oauth/token'

describe('test connection', () => {
  it('looks for a user and a group who cannot be there', async () => {
    const world = await startProvisioning()
    expect(await world.post('test-connection')).toEqual({ ok: true })
    const guid = /^\w{8}-\w{4}-\w{4}-\w{4}-\w{12}$/
    const [user, group] = world.target.requests.map(({ query }) => query)
    const quoted = (filter = '') => /"(.*)"/.exec(filter)?.[1] ?? ''
    expect(user?.['filter']).toMatch(/^userName eq "/)
    expect(quoted(user?.['filter'])).toMatch(guid)
    expect(group).toMatchObject({ excludedAttributes: 'members' })
    expect(quoted(group?.['filter'])).toMatch(guid)
  })

  const list = (more: Record<string, unknown>) => ({
    schemas: [listSchema],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
    ...more,
  })
  it.each([
    ['401', scimError(401, 'The token has expired.'), 'CredentialValidationFailure'],
    ['404', scimError(404, 'no'), 'ServiceIncompatible'],
    ['no list', scimJson(200, {}), 'ServiceIncompatible'],
    ['a total that is text', scimJson(200, list({ totalResults: '0' })), 'ServiceIncompatible'],
    ['another media type', scimJson(200, list({}), 'text/html'), 'ServiceIncompatible'],
    ['nobody there', new TypeError('fetch failed'), 'CredentialValidationUnavailable'],
  ])('fails on %s', async (_what, answer, code) => {
    const world = await startProvisioning()
    world.target.faults.push(() => (answer instanceof Response ? answer.clone() : answer))
    const result = await world.post('test-connection')
    expect([result.ok, result.code]).toEqual([
      false,
      `SystemForCrossDomainIdentityManagement${code}`,
    ])
    if (code === 'CredentialValidationFailure') expect(result.detail).toBe('The token has expired.')
  })
})

describe('answers that Entra refuses', () => {
  const user = { id: 'usr_9', userName: 'AdeleV@contoso.com', active: true }
  const refused: [string, unknown, string][] = [
    [
      'a manager that is text',
      { ...user, [enterprise]: { manager: 'usr_1' } },
      'ServiceIncompatible',
    ],
    ['active as text', { ...user, active: 'True' }, 'ServiceIncompatible'],
    ['no id', { ...user, id: undefined }, 'ServiceIncompatible'],
    ['emails that are no list', { ...user, emails: 'x' }, 'ServiceIncompatible'],
  ]
  it.each(refused)('%s', async (_what, body, code) => {
    const world = await startProvisioning({}, [adele])
    world.target.faults.push(({ method }) => (method === 'POST' ? scimJson(201, body) : null))
    await world.cycle()
    expect((await world.get('log?failures')).items[0].code).toBe(
      `SystemForCrossDomainIdentityManagement${code}`,
    )
  })

  it('more than one match', async () => {
    const world = await startProvisioning({}, [adele])
    for (const id of ['a', 'b']) world.target.users.set(id, { ...user, id })
    await world.cycle()
    expect((await world.get('log?failures')).items[0]).toMatchObject({
      code: 'DuplicateTargetEntries',
      detail: '2 objects match.',
    })
  })

  it.each([
    [400, 'SystemForCrossDomainIdentityManagementServiceIncompatible'],
    [409, 'EntryConflict'],
    [429, 'TooManyRequests'],
    [500, 'InternalServerError'],
    [503, 'InternalServerError'],
    [413, 'WebExceptionProtocolError'],
  ])('%i is logged with what it said', async (status, code) => {
    const world = await startProvisioning({}, [adele])
    world.target.faults.push(({ method }) =>
      method === 'POST' ? scimError(status, 'For the admin.') : null,
    )
    await world.cycle()
    expect((await world.get('log?failures')).items[0]).toMatchObject({
      code,
      detail: 'For the admin.',
    })
    expect((await world.job()).status).toBe('NotRun' === code ? 'NotRun' : 'Paused')
  })

  it('a page instead of JSON, and no answer in time', async () => {
    const world = await startProvisioning({ timeoutMs: 20 }, [adele])
    world.target.faults.push(({ method }) =>
      method === 'POST'
        ? new Response('<html>', { headers: { 'content-type': 'application/scim+json' } })
        : null,
    )
    await world.cycle()
    expect((await world.get('log?failures')).items[0].detail).toMatch(/it is no JSON/)
    world.target.faults.unshift(() => new DOMException('too late', 'TimeoutError'))
    await world.cycle()
    expect((await world.get('log?failures')).items[0].code).toBe('Timeout')
  })
})

describe('quarantine', () => {
  const hour = 3_600_000

  it('comes at once with wrong credentials, slows the cycles, and ends with a good one', async () => {
    const world = await startProvisioning({}, [adele])
    const { simulator, target } = world
    let isWrong = true
    target.faults.push(() => (isWrong ? scimError(401, 'Bad token.') : null))
    await world.post('start')
    await tickProvisioning(simulator.world)
    expect(await world.job()).toMatchObject({
      status: 'Quarantine',
      state: {
        quarantine: {
          reason: 'EncounteredQuarantineException',
          code: 'SystemForCrossDomainIdentityManagementCredentialValidationFailure',
          detail: 'Bad token.',
        },
        watermark: null,
      },
    })
    target.requests.length = 0
    await tickProvisioning(simulator.world)
    expect(target.taken()).toEqual([])
    for (const hours of [6, 12, 24, 24]) {
      simulator.time.nowMs += hours * hour - 1
      await tickProvisioning(simulator.world)
      expect(target.taken()).toEqual([])
      simulator.time.nowMs += 1
      await tickProvisioning(simulator.world)
      expect(target.taken()).toHaveLength(1)
    }
    isWrong = false
    simulator.time.nowMs += 24 * hour
    await tickProvisioning(simulator.world)
    expect(await world.job()).toMatchObject({ status: 'Active', state: { quarantine: null } })
    expect(target.users.size).toBe(1)
  })

  it('disables the job after 28 days, until somebody clears it', async () => {
    const world = await startProvisioning({}, [adele])
    world.target.faults.push(() => scimError(403, 'No.'))
    await world.post('start')
    await world.cycle()
    world.simulator.time.nowMs += 28 * 24 * hour
    await tickProvisioning(world.simulator.world)
    expect((await world.job()).status).toBe('Disabled')
    await world.post('clear-quarantine')
    expect((await world.job()).status).toBe('Active')
  })

  it('comes with too large a share of failures', async () => {
    const world = await startProvisioning(
      { escrow: { least: 3, share: 0.4, most: 100 }, provisionsGroups: false },
      ['Engineering'],
    )
    world.target.faults.push(({ method }) => (method === 'POST' ? scimError(500, 'Oops.') : null))
    expect(await world.cycle()).toMatchObject({
      failed: 5,
      quarantine: {
        reason: 'EncounteredEscrowProportionThreshold',
        detail: '5 of 5 objects failed.',
      },
    })
  })

  it('stopped jobs are left alone by the tick, started ones run', async () => {
    const world = await startProvisioning({}, [adele])
    await tickProvisioning(world.simulator.world)
    expect(world.target.taken()).toEqual([])
    await world.post('start')
    await tickProvisioning(world.simulator.world)
    expect(world.target.taken()).toHaveLength(2)
    await world.post('stop')
    expect((await world.job()).status).toBe('Paused')
  })

  it('a restart while a cycle runs is not forgotten', async () => {
    const world = await startProvisioning({}, [adele])
    let isRestarted = false
    world.target.faults.push(() => {
      if (!isRestarted) restartJob(world.simulator.world, appId, 'keep-links')
      isRestarted = true
      return null
    })
    await world.cycle()
    expect(await world.cycle()).toMatchObject({ kind: 'initial' })
    expect(await world.cycle()).toMatchObject({ kind: 'incremental' })
  })

  it('runs one cycle at a time', async () => {
    const world = await startProvisioning({}, [adele])
    const [first, second] = await Promise.all([world.cycle(), world.cycle()])
    expect([first.created, second.created]).toEqual([1, 0])
    expect(world.target.users.size).toBe(1)
  })
})

describe('credentials', () => {
  const token = { access_token: 'minted', token_type: 'Bearer', expires_in: 3600 }
  const client = { tokenUrl, clientId: 'id:1', clientSecret: 's e', scope: 'scim' }

  async function tokenRequest(credentials: Record<string, unknown>) {
    const world = await startProvisioning({ credentials }, [adele])
    world.target.faults.push(({ method, path }) =>
      method === 'POST' && path === '/oauth/token'
        ? scimJson(200, token, 'application/json')
        : null,
    )
    await world.cycle()
    const [request, ...rest] = world.target.requests
    expect(rest.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer minted',
      'Bearer minted',
    ])
    return { request, world }
  }
  const basic = `Basic ${btoa('id%3A1:s+e')}`

  it.each([
    ['header', basic, { grant_type: 'client_credentials', scope: 'scim' }],
    [
      'body',
      undefined,
      { grant_type: 'client_credentials', client_id: 'id:1', client_secret: 's e', scope: 'scim' },
    ],
    [
      'both',
      basic,
      { grant_type: 'client_credentials', client_id: 'id:1', client_secret: 's e', scope: 'scim' },
    ],
  ])('of a client are sent in the %s', async (sentIn, header, form) => {
    const { request } = await tokenRequest({ kind: 'client-credentials', ...client, sentIn })
    expect(request?.headers['authorization']).toBe(header)
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(request?.body).toEqual(form)
  })

  it('can be an assertion that the tenant signs, and whose keys it publishes', async () => {
    const audience = 'api://audience'
    const { request, world } = await tokenRequest({
      ...{ kind: 'federated', tokenUrl, clientId: 'client', scope: 'scim', audience },
    })
    expect(request?.body).toMatchObject({
      grant_type: 'client_credentials',
      client_id: 'client',
      scope: 'scim',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
    const assertion = String(request?.body['client_assertion'])
    const [header = '', payload = '', signature = ''] = assertion.split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    const keys = async () =>
      (await (await world.simulator.request(`/${tenantId}/discovery/v2.0/keys`)).json()) as {
        keys: (JsonWebKey & { kid: string })[]
      }
    const key = (await keys()).keys.find(({ kid }) => kid === read(header).kid)
    expect(read(header)).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(read(payload)).toMatchObject({
      aud: audience,
      iss: `${baseUrl}/${tenantId}/v2.0`,
      tid: tenantId,
      sub: read(payload).oid,
      ver: '2.0',
    })
    expect(read(payload).exp - read(payload).iat).toBe(65 * 60)
    const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' })
    const signed = Buffer.from(`${header}.${payload}`)
    expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
    await world.call('POST', '/tenant/keys')
    const after = (await keys()).keys.map(({ kid }) => kid)
    expect([after.length, after[1]]).toEqual([2, key?.kid])
    expect((await world.simulator.request('/nobody.example/discovery/v2.0/keys')).status).toBe(404)
  })

  it('that the token endpoint refuses put the job into quarantine', async () => {
    const credentials = { kind: 'client-credentials', ...client }
    const world = await startProvisioning({ credentials }, [adele])
    const refusals = [
      scimJson(401, { error: 'invalid_client', error_description: 'Wrong secret.' }),
      scimJson(200, { token_type: 'Bearer' }),
      scimJson(200, { access_token: 'x', token_type: 'mac' }),
      new TypeError('refused'),
    ]
    const details: string[] = []
    for (const refusal of refusals) {
      world.target.faults.splice(0, 1, () => refusal)
      details.push((await world.cycle()).quarantine.detail)
    }
    expect(details).toEqual([
      'Wrong secret.',
      'The token endpoint gave no access_token.',
      'The token endpoint’s token_type is not Bearer.',
      'The token endpoint did not answer: refused',
    ])
  })
})

describe('settings', () => {
  it('that make no sense are refused, and change nothing', async () => {
    const world = await startProvisioning()
    const before = await world.job()
    const path = '/apps/11111111-1111-4111-8111-111111111111/provisioning'
    const wrong = [
      { customMapping: [{ target: 'a b', source: 'mail' }] },
      { customMapping: [{ target: 'nickName', source: 'Nope([mail])' }] },
      { customMapping: [{ target: 'nickName', source: 'shoeSize' }] },
      { customMapping: [{ target: 'nickName', source: 'Join(" ", [mail]' }] },
      { customMapping: [{ target: 'nickName', source: 'Join(" ") "x"' }] },
      { userMatching: ['nickName'] },
      { scopingFilters: [[{ attribute: 'shoeSize' }]] },
      { tenantUrl: 'nonsense' },
      { unknown: true },
    ]
    for (const body of wrong) {
      const answer = await world.simulator.api('PUT', path, body)
      expect([answer.status, typeof answer.json.problem]).toEqual([400, 'string'])
    }
    expect(await world.job()).toEqual(before)
    expect(before.mapping).toHaveLength(22)
    expect(before.tenantUrl).toBe(scimUrl)
  })

  it('are there for each application, and go with it', async () => {
    const world = await startProvisioning()
    await world.cycle()
    const { simulator } = world
    const path = '/apps/11111111-1111-4111-8111-111111111111/provisioning'
    expect((await simulator.api('DELETE', path)).status).toBe(204)
    expect((await simulator.api('GET', path)).status).toBe(404)
    for (const button of ['cycle', 'start', 'restart', 'test-connection', 'on-demand']) {
      expect((await simulator.api('POST', `${path}/${button}`)).status).toBe(404)
    }
    expect((await simulator.api('PUT', path, {})).status).toBe(201)
    expect((await simulator.api('POST', `${path}/cycle`)).status).toBe(400)
  })
})
