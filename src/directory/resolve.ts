import { limits } from '../kernel/index.ts'
import type { AttributeDefinition, ProfileValue } from './attributes.ts'
import { type CompiledAttribute, compileRules, type Reading, type Slots } from './compile-rules.ts'
import type { Work } from './expression/index.ts'
import type { Mapping } from './mapping.ts'
import type { SourceName, SourceView } from './source-view.ts'
import { isBlank, type Misfit, misfitOf, typedValue } from './typed-value.ts'

/** Where a value came from: answers "why does it say that?". */
export type Provenance = { readonly source: SourceName; readonly at: number; readonly rule: string }

export type Resolved = {
  readonly profile: Readonly<Record<string, ProfileValue>>
  /** A value without is the attribute's default: nobody stated one. */
  readonly provenance: Readonly<Record<string, Provenance>>
}

/**
 * The profile of a person: a pure and total function of definitions, mapping and source views, whatever the order
 * of the views. An attribute whose winning value is blank or of the wrong type is left out and never an error, and
 * so is one that nobody states and that has no default, or that a profile has no room for. Inside a tier the statement that changed last wins, of two
 * at once the source that the tier names first; a lower tier fills only what no higher one ever stated (DESIGN 2.1,
 * Whose value).
 */
export function resolve(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
  views: readonly SourceView[],
): Resolved {
  return judge(definitions, mapping, views).resolved
}

/** `resolve`, with what `attributeProblems` tells, in one go. */
export function resolveTelling(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
  views: readonly SourceView[],
): { readonly resolved: Resolved; readonly problems: readonly StatedProblem[] } {
  const judged = judge(definitions, mapping, views)
  return { resolved: judged.resolved, problems: problemsOf(judged) }
}

/** What `resolve` makes, and the attributes that it leaves out, each with the statement that decided so. */
type Judged = {
  readonly resolved: Resolved
  readonly leftOut: readonly (Pick<CompiledAttribute, 'definition'> & {
    readonly winner: Reading | null
    readonly hasNoRoom: boolean
  })[]
}

function judge(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
  views: readonly SourceView[],
): Judged {
  const { attributes, slotsOf } = compileRules(definitions, mapping)
  const slots = slotsOf(views)
  // Keys are those of definitions, so plain objects are safe; the database layer wants them plain.
  const profile: Record<string, ProfileValue> = {}
  const provenance: Record<string, Provenance> = {}
  const leftOut: Judged['leftOut'][number][] = []
  const work = { steps: limits.profileSteps }
  let room = limits.profileLength
  for (const attribute of attributes) {
    const { definition, fallback } = attribute
    const winner = winnerOf(attribute, slots, work)
    const value = winner === null ? fallback : typedValue(definition, winner.statement.values)
    const length = value === null ? 0 : lengthOf(value)
    if (value === null || length > room) {
      leftOut.push({ definition, winner, hasNoRoom: value !== null })
      continue
    }
    room -= length
    profile[definition.key] = value
    if (winner !== null) provenance[definition.key] = provenanceOf(winner)
  }
  addDisplayName(profile, provenance)
  return { resolved: { profile, provenance }, leftOut }
}

function lengthOf(value: ProfileValue): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object') return 0
  let length = 0
  for (const one of value) if (typeof one === 'string') length += one.length
  return length
}

function provenanceOf({ source, rule, statement }: Reading): Provenance {
  return { source, at: statement.changedAt, rule }
}

function winnerOf(
  { tiers, blankClears }: CompiledAttribute,
  slots: Slots,
  work: Work,
): Reading | null {
  for (const tier of tiers) {
    let winner: Reading | null = null
    for (const read of tier) {
      const one = read(slots, work)
      if (one === null || (!blankClears && isStatedBlank(one))) continue
      if (winner === null || one.statement.changedAt > winner.statement.changedAt) winner = one
    }
    if (winner !== null) return winner
  }
  return null
}

/** What failed is no blank that a source stated: it is not passed over, but told. */
function isStatedBlank({ statement, fault }: Reading): boolean {
  return fault === null && isBlank(statement.values)
}

/** Entra does not send a display name unless an admin adds one; first and last name make it up. */
function addDisplayName(
  profile: Record<string, ProfileValue>,
  provenance: Record<string, Provenance>,
): void {
  if (profile['displayName'] !== undefined) return
  const { givenName, familyName } = profile
  const from = provenance['givenName'] ?? provenance['familyName']
  if (from === undefined) return
  const parts = [givenName, familyName].filter((part) => typeof part === 'string')
  if (parts.length === 0) return
  profile['displayName'] = parts.join(' ')
  provenance['displayName'] = { ...from, rule: 'Join(" ", givenName, familyName)' }
}

/** Why an attribute has no value though it should. */
export type AttributeProblem = {
  readonly key: string
  readonly kind: Misfit | 'expression_failed' | 'required_missing' | 'no_room'
  /** Which source stated it and by which rule; null where nobody did. */
  readonly source: SourceName | null
  readonly rule: string | null
  /** What an expression says that went wrong. */
  readonly message: string | null
}

/** A problem, and what the source stated; personal. */
export type StatedProblem = AttributeProblem & { readonly stated: readonly string[] }

/**
 * What `resolve` leaves out without a word: values of the wrong type, several for one, expressions that failed, what
 * a profile has no room for, and required attributes without a value. For drift and previews.
 */
export function attributeProblems(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
  views: readonly SourceView[],
): readonly StatedProblem[] {
  return problemsOf(judge(definitions, mapping, views))
}

function problemsOf({ resolved, leftOut }: Judged): readonly StatedProblem[] {
  return leftOut.flatMap(({ definition, winner, hasNoRoom }) => {
    const { key, required } = definition
    const isMissing = required && resolved.profile[key] === undefined
    const kind = hasNoRoom ? 'no_room' : winner === null ? null : kindOf(definition, winner)
    if (kind === null && !isMissing) return []
    const { source = null, rule = null, fault = null } = winner ?? {}
    const stated = winner?.statement.values ?? []
    return [{ key, kind: kind ?? 'required_missing', source, rule, message: fault, stated }]
  })
}

function kindOf(
  definition: AttributeDefinition,
  { fault, statement }: Reading,
): AttributeProblem['kind'] | null {
  return fault === null ? misfitOf(definition, statement.values) : 'expression_failed'
}
