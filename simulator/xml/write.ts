/** A character that XML 1.0 cannot carry, not even escaped. */
const impossible = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** Text content, escaped. */
export function text(value: string): string {
  return value.replaceAll(impossible, '\uFFFD').replaceAll(/[&<>\r]/g, (c) => escapes[c] ?? c)
}

/**
 * Markup of one element.
 * @param attributes in this order; those that are null are left out
 * @param content markup: text goes through {@link text} first
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | null>>,
  ...content: readonly string[]
): string {
  const head = Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([key, value]) => ` ${key}="${attributeText(value)}"`)
    .join('')
  const body = content.join('')
  return body === '' ? `<${name}${head}/>` : `<${name}${head}>${body}</${name}>`
}

function attributeText(value: string): string {
  return value.replaceAll(impossible, '\uFFFD').replaceAll(/[&<>"\t\n\r]/g, (c) => escapes[c] ?? c)
}
