import type { MappedValue } from './mapped-values.ts'
import { isResource, property, type Resource, readAt } from './target-path.ts'
import { roleObject } from './user-body.ts'

/** One difference between what an application has and what it should have. */
export type Change = {
  readonly op: 'Add' | 'Replace' | 'Remove'
  readonly path: string
  readonly value: unknown
  /** Whether the newer dialect puts it, when it is replaced, into the map of an operation without a path. */
  readonly folds: boolean
}

type Compare = (mapped: MappedValue, found: unknown) => Change | null

const isNothing = (found: unknown) => found === undefined || found === null || found === ''

function change(mapped: MappedValue, found: unknown, value: unknown): Change {
  const { path, kind } = mapped
  const folds = kind === 'text' && path.filter === null
  return { op: isNothing(found) ? 'Add' : 'Replace', path: path.text, value, folds }
}

const compare: Readonly<Record<MappedValue['kind'], Compare>> = {
  text: (mapped, found) => (found === mapped.value ? null : change(mapped, found, mapped.value)),
  boolean: (mapped, found) => {
    const wanted = mapped.value === 'True'
    return found === wanted ? null : change(mapped, found, wanted)
  },
  // Always Add, also where the application has other values than the source.
  list: (mapped, found) => {
    const has = elementValues(found)
    const wanted = [mapped.value].flat()
    if (wanted.length === has.length && wanted.every((value) => has.includes(value))) return null
    const value = wanted.map((one) => ({ value: one }))
    return { op: 'Add', path: mapped.path.text, value, folds: false }
  },
  'roles-added': (mapped, found) => {
    const has = elementValues(found)
    const missing = [mapped.value]
      .flat()
      .filter((json) => !has.includes(roleObject(json).value ?? ''))
    if (missing.length === 0) return null
    const value = missing.map((json) => ({ value: json }))
    return { op: 'Add', path: mapped.path.text, value, folds: false }
  },
  'roles-asserted': (mapped, found) => {
    const has = elementValues(found)
    const wanted = [mapped.value].flat().map(roleObject)
    const isSame =
      wanted.length === has.length && wanted.every(({ value }) => has.includes(value ?? ''))
    if (isSame) return null
    return { op: 'Replace', path: mapped.path.text, value: wanted, folds: false }
  },
  // References are sent by themselves, after everybody is there.
  reference: () => null,
}

/**
 * What must be sent so that an application has what it should: absent there is added, different is replaced,
 * equal is left alone, and what is empty at the source is not mentioned.
 */
export function differences(resource: Resource, values: readonly MappedValue[]): readonly Change[] {
  return values
    .filter(({ apply }) => apply === 'always')
    .flatMap((mapped) => {
      const found = compare[mapped.kind](mapped, readAt(resource, mapped.path))
      return found === null ? [] : [found]
    })
}

/** The `value` of each element; roles that were stored as JSON in text count by what is inside. */
function elementValues(found: unknown): readonly string[] {
  if (!Array.isArray(found)) return []
  return found.map((element) => {
    const value = isResource(element) ? property(element, 'value') : element
    const text = String(value ?? '')
    return text.startsWith('{') ? String(roleObject(text).value ?? '') : text
  })
}
