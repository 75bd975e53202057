import { limits } from '../kernel/index.ts'

/**
 * A list as JSON texts that D1 binds: each below its limit for one value, however many there are. Characters of up
 * to three bytes each are reckoned with.
 */
export function jsonChunks(list: readonly unknown[]): readonly string[] {
  const chunks: string[] = []
  let part: string[] = []
  let length = 0
  for (const one of list) {
    const text = JSON.stringify(one)
    if (length > 0 && (length + text.length) * 3 > limits.d1ChunkBytes) {
      chunks.push(`[${part.join()}]`)
      part = []
      length = 0
    }
    part.push(text)
    length += text.length + 1
  }
  return part.length === 0 ? chunks : [...chunks, `[${part.join()}]`]
}

/** A list in parts of at most so many. */
export function slices<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const parts: T[][] = []
  for (let i = 0; i < list.length; i += size) parts.push(list.slice(i, i + size))
  return parts
}

/** A statement for each part of a list; none for an empty one. */
export function statementsOf<T, S>(
  list: readonly T[],
  row: (one: T) => unknown,
  make: (rows: string) => S,
): readonly S[] {
  return list.length === 0 ? [] : jsonChunks(list.map(row)).map(make)
}
