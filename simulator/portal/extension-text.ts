import type { ExtensionValue, User } from '../directory/index.ts'

/** Extension attributes as the form has them: `name = value`, one a line. */
export function extensionText(attributes: User['extensionAttributes']): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} = ${shown(value)}`)
    .join('\n')
}

/** Reads such lines. A line without a name or a value is left out. */
export function extensionsIn(lines: readonly string[]): Record<string, ExtensionValue> {
  const pairs = lines
    .map((line) => /^(extension(?:Attribute|_)\w+)\s*=\s*(\S.*)$/.exec(line))
    .map((match): [string, ExtensionValue] => [match?.[1] ?? '', read(match?.[2] ?? '')])
  return Object.fromEntries(pairs.filter(([name]) => name !== ''))
}

/** What would be read as something else than text is put into quotes. */
function shown(value: ExtensionValue): string {
  const isPlain = typeof value === 'string' && /^\S(.*\S)?$/.test(value) && read(value) === value
  return isPlain ? value : JSON.stringify(value)
}

function read(text: string): ExtensionValue {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return value
    }
    return Array.isArray(value) ? value.map(String) : text
  } catch {
    return text // no JSON: it is what it says
  }
}
