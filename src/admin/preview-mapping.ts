import type * as z from '#zod'
import {
  attributeProblems,
  type MappingChanges,
  newestPeople,
  type OrganizationRules,
  type Provenance,
  peopleById,
  type Resolved,
  type Ruleset,
  resolve,
  rulesetFor,
  type Tried,
} from '../directory/index.ts'
import { ok, type Result, toIso } from '../kernel/index.ts'
import type { AdminRequest } from './endpoint.ts'
import type { previewAnswer, previewMapping } from './mapping-schema.ts'
import { type Refusal, refuse } from './refusal.ts'

type Answer = z.input<typeof previewAnswer>
type Shown = Answer['users'][number]

const usualSample = 10

/** What rules would make of people: a resolve that is not saved. */
export async function preview(
  { body, db }: AdminRequest<unknown, unknown, z.output<typeof previewMapping>>,
  {
    organizationId,
    rules,
    changes,
  }: { organizationId: string; rules: OrganizationRules; changes: MappingChanges },
): Promise<Result<Answer, Refusal>> {
  const { users, sample = usualSample } = body
  const people =
    users === undefined
      ? await newestPeople(db, organizationId, sample)
      : await peopleById(db, organizationId, users)
  const known = new Set(people.map(({ person }) => person.id))
  const missing = users?.findIndex((id) => !known.has(id)) ?? -1
  if (missing !== -1) {
    const message = 'is no user of the organization'
    return refuse('directory.user_not_found', { field: `users.${missing}`, message })
  }
  const wanted = { ...rules, rules: changes }
  const rulesets = new Map<string | null, Ruleset>()
  return ok({
    version: rules.version,
    users: people.map((one) => {
      const { connectionId } = one.person
      const ruleset = rulesets.get(connectionId) ?? rulesetFor(wanted, connectionId)
      rulesets.set(connectionId, ruleset)
      return show(one, ruleset)
    }),
  })
}

function show({ person, views }: Tried, { definitions, mapping }: Ruleset): Shown {
  const before = {
    profile: person.profile as Resolved['profile'],
    provenance: person.provenance as Resolved['provenance'],
  }
  const after = resolve(definitions, mapping, views)
  const keys = new Set([...Object.keys(before.profile), ...Object.keys(after.profile)])
  return {
    id: person.id,
    userName: person.userName,
    before: present(before),
    after: present(after),
    changed: [...keys]
      .filter((key) => JSON.stringify(before.profile[key]) !== JSON.stringify(after.profile[key]))
      .toSorted(),
    problems: attributeProblems(definitions, mapping, views).map(({ stated: _, ...told }) => told),
  }
}

function present({ profile, provenance }: Resolved): Shown['before'] {
  const told = ([key, { source, at, rule }]: [string, Provenance]) =>
    [key, { source, at: toIso(at), rule }] as const
  return {
    profile: profile as Shown['before']['profile'],
    provenance: Object.fromEntries(Object.entries(provenance).map(told)),
  }
}
