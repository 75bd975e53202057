import { err, ok, type Result } from '../result.ts'
import { attributesOf, type Expression, evaluate, parseExpression } from './expression.ts'
import type { MappingRow } from './job-model.ts'
import { isSourceAttribute, type Source, sourceValue } from './source-attributes.ts'
import { parseTarget, type TargetPath } from './target-path.ts'

/** How a value travels. */
export type ValueKind =
  | 'text'
  | 'boolean'
  | 'list'
  /** `AppRoleAssignmentsComplex`: only ever added, as JSON in text. */
  | 'roles-added'
  /** `AssertiveAppRoleAssignmentsComplex`: the whole set. */
  | 'roles-asserted'
  /** Another person: the manager. */
  | 'reference'

/** A row of the mapping, read once. */
export type PreparedRow = {
  readonly path: TargetPath
  readonly source: Expression
  readonly apply: MappingRow['apply']
  readonly kind: ValueKind
}

/** A value that the application should have at a path. */
export type MappedValue = {
  readonly path: TargetPath
  readonly kind: ValueKind
  readonly apply: MappingRow['apply']
  readonly value: string | readonly string[]
}

/** Reads a mapping. @returns its rows, or a sentence that names the wrong one */
export function prepareMapping(
  rows: readonly MappingRow[],
): Result<readonly PreparedRow[], string> {
  const prepared: PreparedRow[] = []
  for (const row of rows) {
    const path = parseTarget(row.target)
    if (!path.ok) return path
    const source = parseExpression(row.source)
    if (!source.ok) return err(`${row.target}: ${source.failure}`)
    const unknown = attributesOf(source.value).find((name) => !isSourceAttribute(name))
    if (unknown !== undefined) return err(`${row.target}: the directory has no ${unknown}.`)
    const kind = kindOf(row, source.value)
    prepared.push({ path: path.value, source: source.value, apply: row.apply, kind })
  }
  return ok(prepared)
}

function kindOf(row: MappingRow, source: Expression): ValueKind {
  if (source.kind === 'call' && source.name === 'AppRoleAssignmentsComplex') return 'roles-added'
  if (source.kind === 'call' && source.name === 'AssertiveAppRoleAssignmentsComplex') {
    return 'roles-asserted'
  }
  if (source.kind === 'attribute' && source.name.toLowerCase() === 'manager') return 'reference'
  return row.type
}

/** What an application should have of somebody. What is empty at its source is left out: it is never sent. */
export function mappedValues(rows: readonly PreparedRow[], source: Source): readonly MappedValue[] {
  return rows.flatMap(({ path, kind, apply, source: expression }) => {
    const value = evaluate(expression, (name) => sourceValue(source, name))
    if (value === null) return []
    const isList = kind === 'text' && typeof value !== 'string'
    return [{ path, kind: isList ? 'list' : kind, apply, value }]
  })
}

/** The text to look somebody up by; null when they have none. */
export function matchingValue(values: readonly MappedValue[], target: string): string | null {
  const found = values.find(({ path }) => path.text.toLowerCase() === target.toLowerCase())
  if (found === undefined) return null
  return typeof found.value === 'string' ? found.value : (found.value[0] ?? null)
}
