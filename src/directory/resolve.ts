import { parseUtcTime } from '../kernel/index.ts'
import type { AttributeDefinition, AttributeType, ProfileValue } from './attributes.ts'
import { type AttributeRule, defaultTiers, type Mapping, namesRead } from './mapping.ts'
import type { SourceName, SourceView, Statement } from './source-view.ts'

/** Where a value came from: answers "why does it say that?". */
export type Provenance = { readonly source: SourceName; readonly at: number; readonly rule: string }

export type Resolved = {
  readonly profile: Readonly<Record<string, ProfileValue>>
  readonly provenance: Readonly<Record<string, Provenance>>
}

type Candidate = {
  readonly source: SourceName
  readonly name: string
  readonly statement: Statement
}

/**
 * The profile of a person: a pure and total function of definitions, mapping and source views. An
 * attribute nobody states, or whose winning value has the wrong type, is left out and never an error.
 * Inside a tier the statement that changed last wins; a lower tier fills only what no higher one
 * ever stated (DESIGN 2.1, Whose value).
 */
export function resolve(
  definitions: readonly AttributeDefinition[],
  mapping: Mapping,
  views: readonly SourceView[],
): Resolved {
  const folded = views.map(foldNames)
  // Keys are those of definitions, so plain objects are safe; the database layer wants them plain.
  const profile: Record<string, ProfileValue> = {}
  const provenance: Record<string, Provenance> = {}
  for (const definition of definitions) {
    const winner = winningStatement(mapping.rules[definition.key], folded)
    const value = winner === null ? null : typedValue(definition, winner.statement.values)
    if (winner === null || value === null) continue
    profile[definition.key] = value
    provenance[definition.key] = {
      source: winner.source,
      at: winner.statement.changedAt,
      rule: winner.name,
    }
  }
  return withDisplayName({ profile, provenance })
}

function winningStatement(
  rule: AttributeRule | undefined,
  views: readonly FoldedView[],
): Candidate | null {
  if (rule === undefined) return null
  for (const tier of defaultTiers) {
    let winner: Candidate | null = null
    for (const view of views) {
      if (!tier.includes(view.source)) continue
      const candidate = firstStated(view, namesRead(rule, view.source))
      if (candidate === null) continue
      if (winner === null || candidate.statement.changedAt > winner.statement.changedAt)
        winner = candidate
    }
    if (winner !== null) return winner
  }
  return null
}

/**
 * The first of a source's names that has a value; where all that is stated is blank, the first blank. Claim
 * names are compared without case, since admins type them by hand.
 */
function firstStated(view: FoldedView, names: readonly string[]): Candidate | null {
  let blank: Candidate | null = null
  for (const name of names) {
    const found = view.byName.get(name.toLowerCase())
    if (found === undefined) continue
    if (found.statement.values.some((value) => value !== '')) {
      return { source: view.source, ...found }
    }
    blank ??= { source: view.source, ...found }
  }
  return blank
}

type FoldedView = {
  readonly source: SourceName
  readonly byName: ReadonlyMap<string, { readonly name: string; readonly statement: Statement }>
}

function foldNames(view: SourceView): FoldedView {
  const byName = new Map<string, { name: string; statement: Statement }>()
  for (const [name, statement] of Object.entries(view.attributes)) {
    byName.set(name.toLowerCase(), { name, statement })
  }
  return { source: view.source, byName }
}

const converters: Readonly<
  Record<AttributeType, (text: string) => string | number | boolean | null>
> = {
  string: (text) => text,
  number: (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : null),
  boolean: (text) => ({ true: true, false: false })[text.toLowerCase()] ?? null,
  dateTime: (text) => (parseUtcTime(text) === null ? null : text),
}

function typedValue(
  definition: AttributeDefinition,
  values: readonly string[],
): ProfileValue | null {
  const typed = values.map((value) => (value === '' ? null : converters[definition.type](value)))
  const kept = typed.filter((value) => value !== null)
  if (kept.length !== values.length || kept.length === 0) return null
  if (definition.multiValued) return kept
  // Several values for one field are ambiguous: blank rather than a value that order chose (row N03).
  return kept.length === 1 ? (kept[0] ?? null) : null
}

/** Entra does not send a display name unless an admin adds one; first and last name make it up. */
function withDisplayName(resolved: Resolved): Resolved {
  const { givenName, familyName, displayName } = resolved.profile
  const parts = [givenName, familyName].filter((part) => typeof part === 'string')
  const from = resolved.provenance['givenName'] ?? resolved.provenance['familyName']
  if (displayName !== undefined || parts.length === 0 || from === undefined) return resolved
  return {
    profile: { ...resolved.profile, displayName: parts.join(' ') },
    provenance: {
      ...resolved.provenance,
      displayName: { ...from, rule: 'Join(" ", givenName, familyName)' },
    },
  }
}
