import { describe, expect, it } from 'vitest'
import '../support/search-keys-hold.ts'
import { claims } from '../../support/saml-builder.ts'
import type { Json } from '../admin/admin-client.ts'
import { answer, browser } from '../support/door-world.ts'
import { graphTenantId } from '../support/graph-tenant.ts'
import { type RunWorld, runWorld } from './run-world.ts'

type Source = 'scim' | 'graph' | 'saml'
type Attribute = 'title' | 'department'
/** What a source says of an attribute at its turn: a value, or that there is none. */
type Saying = 'value' | 'blank'
type Statement = { readonly source: Source; readonly value: string | null; readonly at: string }
type Tiers = readonly (readonly (Source | 'manual')[])[]

/** SCIM's, Graph's and the sign-in's names of the attributes. */
const names = {
  title: { scim: 'title', graph: 'jobTitle', saml: 'jobTitle' },
  department: {
    scim: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
    graph: 'department',
    saml: 'department',
  },
} as const satisfies Record<Attribute, Record<Source, string>>
const attributes = ['title', 'department'] as const

const usual: Tiers = [['manual'], ['scim', 'graph'], ['saml']]
const reversed: Tiers = [['saml'], ['scim', 'graph'], ['manual']]

/** Whose attribute says what: each person has two attributes, so together these are all blanks of both sources. */
const people: readonly {
  readonly upn: string
  readonly says: Readonly<Record<Attribute, Readonly<Record<'scim' | 'graph', Saying>>>>
}[] = [
  {
    upn: 'AdeleV@contoso.com',
    says: {
      title: { scim: 'value', graph: 'value' },
      department: { scim: 'blank', graph: 'value' },
    },
  },
  {
    upn: 'LynneR@contoso.com',
    says: {
      title: { scim: 'value', graph: 'blank' },
      department: { scim: 'blank', graph: 'blank' },
    },
  },
]

/** Every order of every choice of sources that the list allows. */
function ordersOf(sources: readonly Source[]): readonly (readonly Source[])[] {
  return sources.flatMap((first) => {
    const rest = ordersOf(sources.filter((one) => one !== first))
    return [[first], ...rest.map((order) => [first, ...order])]
  })
}

/**
 * The oracle: of what the strongest tier with any statement said, the last. A blank is a statement like any other.
 * @param statements oldest first, none of them repeating what its source said before
 */
function winnerOf(statements: readonly Statement[], tiers: Tiers): Statement | null {
  const strongest = tiers.find((tier) => statements.some(({ source }) => tier.includes(source)))
  return statements.findLast(({ source }) => strongest?.includes(source)) ?? null
}

/** People whom SCIM made without either attribute, and what each source said of them since. */
async function precedenceWorld() {
  const world = await runWorld()
  const { api, clock, tenant } = world
  // Half of so few people is one: the brake has tests of its own.
  const brake = { brake: { share: 1, shareOfFew: 1 } }
  expect((await api.patch('/organizations/contoso/reconcile-settings', brake)).status).toBe(200)
  const ids = new Map<string, string>()
  for (const { upn } of people) ids.set(upn, await world.provision(upn, await externalId(upn)))
  const said = new Map<string, Statement[]>()
  const saidOf = (upn: string, attribute: Attribute) => said.get(`${upn} ${attribute}`) ?? []
  let turn = 0

  async function externalId(upn: string): Promise<Json> {
    return { externalId: (await tenant.api<Json>('GET', `/users/${upn}`))['id'] }
  }

  /** A source's turn, ten minutes after the one before: it says everything of everybody by its own door. */
  async function speak(source: Source) {
    clock.ms += 10 * 60_000
    turn++
    for (const { upn, says } of people) {
      const values = Object.fromEntries(
        attributes.map((attribute) => {
          const isBlank = source !== 'saml' && says[attribute][source] === 'blank'
          return [attribute, isBlank ? null : `${source} ${turn}`]
        }),
      ) as Record<Attribute, string | null>
      await doors[source](upn, values)
      for (const attribute of attributes) {
        const before = saidOf(upn, attribute)
        const value = values[attribute]
        const last = before.findLast((one) => one.source === source)
        // What a source only repeats is no change, and so does not win anew.
        if (last !== undefined && last.value === value) continue
        const at = new Date(clock.ms).toISOString()
        said.set(`${upn} ${attribute}`, [...before, { source, value, at }])
      }
    }
    if (source === 'graph') expect(await world.start()).toMatchObject({ status: 'done' })
  }

  const doors = {
    async scim(upn: string, values: Record<Attribute, string | null>) {
      await world.scim('PATCH', `/Users/${ids.get(upn)}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: attributes.map((attribute) => {
          const value = values[attribute]
          const path = names[attribute].scim
          return value === null ? { op: 'Remove', path } : { op: 'Replace', path, value }
        }),
      })
    },
    /** Only the tenant changes: the run reads it. */
    async graph(upn: string, values: Record<Attribute, string | null>) {
      await tenant.api('PATCH', `/users/${upn}`, {
        [names.title.graph]: values.title,
        [names.department.graph]: values.department,
      })
    },
    saml: (upn: string, values: Record<Attribute, string | null>) =>
      signIn(world, upn, {
        [names.title.saml]: values.title ?? '',
        [names.department.saml]: values.department ?? '',
      }),
  }

  /** Expects of everybody the value that wins by these tiers, and that the API tells whose it is and since when. */
  async function expectWinners(tiers: Tiers) {
    const held: Json[] = []
    const due: Json[] = []
    for (const { upn } of people) {
      const { body } = await api.get(`/organizations/contoso/users/${ids.get(upn)}`)
      for (const attribute of attributes) {
        const profile = body['profile'] as Json
        const provenance = (body['provenance'] as Record<string, Json | undefined>)[attribute]
        const { source = null, at = null } = provenance ?? {}
        held.push({ upn, attribute, value: profile[attribute] ?? null, source, at })
        const winner = winnerOf(saidOf(upn, attribute), tiers)
        const whose = winner === null || winner.value === null ? null : winner
        const told = { source: whose?.source ?? null, at: whose?.at ?? null }
        due.push({ upn, attribute, value: whose?.value ?? null, ...told })
      }
    }
    expect(held).toEqual(due)
  }

  async function remap(tiers: Tiers) {
    const path = '/organizations/contoso/mapping'
    const { version } = (await api.get(path)).body
    const rules = { title: { tiers }, department: { tiers } }
    expect((await api.put(path, { version, rules })).status).toBe(200)
  }

  return { ...world, speak, expectWinners, remap }
}

/** A sign-in of somebody of the tenant, whom the provider answers for with a signed response. */
async function signIn({ api, clock, tenant, connectionId }: RunWorld, upn: string, said: Json) {
  const { id } = await tenant.api<{ id: string }>('GET', `/users/${upn}`)
  const { publicUrl } = api.deps.config
  const { start, post } = browser((path, init) =>
    api.fetch(new Request(`${publicUrl}${path}`, { redirect: 'manual', ...init })),
  )
  const acsUrl = `${publicUrl}/saml/${connectionId}/acs`
  const issuer = `https://sts.windows.net/${graphTenantId}/`
  const requestId = await start('', connectionId)
  const moment = (minutes: number) => new Date(clock.ms + minutes * 60_000).toISOString()
  const { form } = await answer(requestId, {
    response: { issuer, destination: acsUrl, issueInstant: moment(0) },
    assertion: {
      issuer,
      issueInstant: moment(0),
      authnInstant: moment(0),
      notBefore: moment(-5),
      notOnOrAfter: moment(60),
      nameId: upn,
      audiences: [`${publicUrl}/saml/${connectionId}/metadata`],
      confirmations: [{ inResponseTo: requestId, recipient: acsUrl, notOnOrAfter: moment(60) }],
      attributes: {
        [claims.tenantId]: graphTenantId,
        [claims.objectId]: id,
        [claims.name]: upn,
        ...(said as Record<string, string>),
      },
    },
  })
  const response = await post(form, connectionId)
  expect([response.status, response.headers.get('set-cookie')]).toEqual([303, expect.anything()])
}

const orders = ordersOf(['scim', 'graph', 'saml'])
/** Sources that speak again: what they change wins anew, what they repeat does not. */
const again: readonly (readonly Source[])[] = [
  ['scim', 'graph', 'scim'],
  ['graph', 'scim', 'graph'],
  ['saml', 'scim', 'graph', 'saml', 'scim'],
  ['graph', 'saml', 'scim', 'saml', 'graph'],
]
const titled = [...orders, ...again].map((order) => ({ order, title: order.join(', ') }))

describe('whose value wins, by the doors of the sources', () => {
  it.each(titled)('after $title; by reversed tiers too', async ({ order }) => {
    const { speak, expectWinners, remap, clock, start } = await precedenceWorld()
    for (const source of order) {
      await speak(source)
      await expectWinners(usual)
    }
    // What has been said is kept: other tiers choose another of it, and the first ones the same as before.
    await remap(reversed)
    await expectWinners(reversed)
    await remap(usual)
    await expectWinners(usual)
    // A run that finds nothing new says nothing new.
    if (!order.includes('graph')) return
    clock.ms += 60_000
    expect(await start()).toMatchObject({ status: 'done', counts: { changed: 0 } })
    await expectWinners(usual)
  })

  it.each(titled.filter(({ order }) => order.length >= 3))(
    'after $title, where tiers were reversed before',
    async ({ order }) => {
      const { speak, expectWinners, remap } = await precedenceWorld()
      await remap(reversed)
      for (const source of order) {
        await speak(source)
        await expectWinners(reversed)
      }
    },
  )
})
