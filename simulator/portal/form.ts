import type { Context } from 'hono'

/** The fields of a posted form as text. */
export type Form = {
  /** Empty when the field is not there. */
  text(name: string): string
  /** Null when there is nothing in it. */
  orNull(name: string): string | null
  /** One of some values; the first when it is none of them. */
  oneOf<const T extends readonly [string, ...string[]]>(name: string, values: T): T[number]
  lines(name: string): string[]
  isOn(name: string): boolean
  /** Null when there is nothing in it; NaN when it is no number. */
  number(name: string): number | null
}

export async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody()
  const text = (name: string) => {
    const value = body[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  return {
    text,
    orNull: (name) => text(name) || null,
    oneOf: (name, values) => values.find((value) => value === text(name)) ?? values[0],
    lines: (name) =>
      text(name)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    isOn: (name) => text(name) !== '',
    number: (name) => (text(name) === '' ? null : Number(text(name))),
  }
}
