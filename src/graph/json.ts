/** A JSON object whose members nobody has looked at yet. */
export type Json = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses JSON; undefined, which JSON cannot say, when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // SyntaxError: the answer, not an accident
  }
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An id of the directory in lower case; null when it is none. */
export function readGuid(value: unknown): string | null {
  return typeof value === 'string' && guid.test(value) ? value.toLowerCase() : null
}

/** The text, or null for everything else and for the empty text. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
