/**
 * A text as a PowerShell expression that gives exactly this text, made of printable ASCII only. In a single-quoted
 * string nothing is special but the quote, which is doubled (about_Quoting_Rules); PowerShell takes U+2018 to U+201B
 * for it too, and Windows PowerShell reads a file without a mark in the ANSI code page, in which bytes of any other
 * character may be those. So whatever is not printable ASCII is written by its UTF-16 code.
 */
export function powershellLiteral(text: string): string {
  const parts = [...text.matchAll(/([\x20-\x7e]+)|([\s\S])/g)].map(([, plain, other = '']) =>
    plain === undefined
      ? `[char]0x${other.charCodeAt(0).toString(16).padStart(4, '0')}`
      : `'${plain.replaceAll("'", "''")}'`,
  )
  const [first = "''"] = parts
  if (parts.length <= 1 && first.startsWith("'")) return first
  // Begun with a string, so that + joins texts and does not add numbers.
  return `(${[...(first.startsWith("'") ? [] : ["''"]), ...parts].join(' + ')})`
}

const plainForBash = /^[^\p{C}\p{Zl}\p{Zp}']*$/u

/**
 * A text as one bash word that gives exactly these bytes in UTF-8 (bash(1), QUOTING). Single quotes where nothing
 * in it needs more; otherwise ANSI-C quoting, in which quotes, backslashes and whatever does not show, such as line
 * ends and marks that turn the direction of writing, stand as octal bytes: what is read is what runs. A NUL, which
 * no shell can hold, is left out.
 */
export function bashLiteral(text: string): string {
  if (plainForBash.test(text)) return `'${text}'`
  const characters = [...text.replaceAll('\0', '').toWellFormed()].map((character) =>
    plainForBash.test(character) && character !== '\\' ? character : octal(character),
  )
  return `$'${characters.join('')}'`
}

function octal(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('')
}

/** A text in an OData filter, ready for an address: quotes doubled (OData 4.01 URL Conventions 5.1.1.6.1). */
export function odataLiteral(text: string): string {
  return encodeURIComponent(`'${text.toWellFormed().replaceAll("'", "''")}'`).replaceAll("'", '%27')
}
