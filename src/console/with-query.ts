/** What is asked for by an address: without the fields that are empty, as values and as the text behind it. */
export function withQuery(fields: Readonly<Record<string, string>>): {
  readonly values: Readonly<Record<string, string>>
  readonly text: string
} {
  const values = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
  const text = new URLSearchParams(values).toString()
  return { values, text: text === '' ? '' : `?${text}` }
}
