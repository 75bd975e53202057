import { described } from '#described'
import * as z from '#zod'
import {
  attributeUse,
  builtInAttributes,
  foldKey,
  loadRules,
  newestPeople,
  type OrganizationRules,
  type Ruleset,
  resolve,
  rulesetFor,
} from '../directory/index.ts'
import { limits, ok } from '../kernel/index.ts'
import { attributePath } from './attribute-schema.ts'
import { type AdminRequest, type Endpoint, endpoint } from './endpoint.ts'
import { organizationOf } from './organization-of.ts'
import { refuse } from './refusal.ts'

const types = ['string', 'number', 'boolean', 'dateTime'] as const

const query = z.strictObject({
  type: z
    .enum(types)
    .optional()
    .openapi(described(() => ({ description: 'A type to try.' }))),
  multiValued: z
    .enum(['true', 'false'])
    .optional()
    .openapi(described(() => ({ description: 'Whether to try it with several values.' }))),
})

const count = z.int()

const useAnswer = described(() =>
  z
    .strictObject({
      people: count.openapi({ description: 'People who were looked at.' }),
      all: z.boolean().openapi({ description: 'Whether these are all.' }),
      valued: count.openapi({ description: 'Those who have a value.' }),
      sources: z.record(z.string(), count).openapi({
        description: 'From which source they have it; `default` where none states one.',
      }),
      change: z
        .strictObject({
          people: count,
          losing: count.openapi({ description: 'Those who would have no value any more.' }),
          gaining: count.openapi({ description: 'Those who would have one then.' }),
        })
        .nullable()
        .openapi({ description: 'What type and multiValued would do to the newest people.' }),
    })
    .openapi('AttributeUse'),
)

export const attributeUseEndpoint: Endpoint = endpoint({
  method: 'get',
  path: '/organizations/{org}/attributes/{key}/use',
  id: 'getAttributeUse',
  described: described(() => ({
    tag: 'Attributes',
    summary: 'How many people have a value of an attribute, and what another type would change.',
    answer: useAnswer,
    refusals: ['admin.organization_not_found', 'admin.attribute_not_found'],
  })),
  params: attributePath,
  query,
  async handle(request) {
    const organization = await organizationOf(request)
    if (!organization.ok) return organization
    const { id } = organization.value
    const rules = await loadRules(request.db, id)
    if (rules === null) return refuse('admin.organization_not_found')
    const found = [...builtInAttributes, ...rules.custom].find(
      ({ key }) => foldKey(key) === foldKey(request.params.key),
    )
    if (found === undefined) return refuse('admin.attribute_not_found')
    const { people, isAll, valued, sources } = await attributeUse(request.db, id, found.key)
    const change = await tryChange(request, { organizationId: id, rules, key: found.key })
    return ok({ people, all: isAll, valued, sources: { ...sources }, change })
  },
})

/** Resolves the newest people by the attribute as it would be. */
async function tryChange(
  { db, query: { type, multiValued } }: AdminRequest<unknown, z.output<typeof query>>,
  given: { organizationId: string; rules: OrganizationRules; key: string },
): Promise<z.input<typeof useAnswer>['change']> {
  if (type === undefined && multiValued === undefined) return null
  const { organizationId, rules, key } = given
  const custom = rules.custom.map((one) =>
    one.key === key
      ? {
          ...one,
          type: type ?? one.type,
          multiValued: multiValued === undefined ? one.multiValued : multiValued === 'true',
        }
      : one,
  )
  const people = await newestPeople(db, organizationId, limits.attributeChangePeople)
  const rulesets = new Map<string | null, readonly [Ruleset, Ruleset]>()
  const outcomes = people.map(({ person: { connectionId }, views }) => {
    const both = rulesets.get(connectionId) ?? [
      rulesetFor(rules, connectionId),
      rulesetFor({ ...rules, custom }, connectionId),
    ]
    rulesets.set(connectionId, both)
    return both.map(
      ({ definitions, mapping }) => resolve(definitions, mapping, views).profile[key] !== undefined,
    )
  })
  return {
    people: people.length,
    losing: outcomes.filter(([before, after]) => before === true && after === false).length,
    gaining: outcomes.filter(([before, after]) => before === false && after === true).length,
  }
}
