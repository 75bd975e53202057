import { limits } from '../kernel/index.ts'
import type { AttributeDefinition, ProfileValue } from './attributes.ts'
import { type CompiledAttribute, compileRules, type Reading, type Slots } from './compile-rules.ts'
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
  const { attributes, slotsOf } = compileRules(definitions, mapping)
  const slots = slotsOf(views)
  // Keys are those of definitions, so plain objects are safe; the database layer wants them plain.
  const profile: Record<string, ProfileValue> = {}
  const provenance: Record<string, Provenance> = {}
  let room = limits.profileLength
  for (const attribute of attributes) {
    const { definition, fallback } = attribute
    const winner = winnerOf(attribute, slots)
    const value = winner === null ? fallback : typedValue(definition, winner.statement.values)
    if (value === null) continue
    const length = lengthOf(value)
    if (length > room) continue
    room -= length
    profile[definition.key] = value
    if (winner !== null) provenance[definition.key] = provenanceOf(winner)
  }
  addDisplayName(profile, provenance)
  return { profile, provenance }
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

function winnerOf({ tiers, blankClears }: CompiledAttribute, slots: Slots): Reading | null {
  for (const tier of tiers) {
    let winner: Reading | null = null
    for (const read of tier) {
      const one = read(slots)
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

/**
 * What `resolve` leaves out without a word: values of the wrong type, several for one, expressions that failed, what
 * a profile has no room for, and required attributes without a value. For drift and previews.
 */
export function attributeProblems(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
  views: readonly SourceView[],
): readonly AttributeProblem[] {
  const { attributes, slotsOf } = compileRules(definitions, mapping)
  const slots = slotsOf(views)
  const { profile } = resolve(definitions, mapping, views)
  return attributes.flatMap((attribute) => {
    const { key, required } = attribute.definition
    const winner = winnerOf(attribute, slots)
    const isLeftOut = profile[key] === undefined
    const kind = winner === null ? null : kindOf(attribute.definition, winner, isLeftOut)
    const isMissing = required && isLeftOut
    if (kind === null && !isMissing) return []
    const { source = null, rule = null, fault = null } = winner ?? {}
    return [{ key, kind: kind ?? 'required_missing', source, rule, message: fault }]
  })
}

function kindOf(
  definition: AttributeDefinition,
  { fault, statement }: Reading,
  isLeftOut: boolean,
): AttributeProblem['kind'] | null {
  if (fault !== null) return 'expression_failed'
  const misfit = misfitOf(definition, statement.values)
  return misfit === null && isLeftOut && !isBlank(statement.values) ? 'no_room' : misfit
}
