/** An XML declaration longer than this is none. */
const maxLength = 128

const declaration =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.0"|'1\.0')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>$/

/**
 * Reads the XML declaration, if the text starts with one (XML 1.0, 2.8).
 * @returns the offset behind it, 0 when there is none, or what is wrong with it
 */
export function declarationEnd(text: string): number | 'bad_declaration' | 'bad_encoding' {
  if (!/^<\?xml[ \t\n?]/.test(text)) return 0
  const end = text.slice(0, maxLength).indexOf('?>') + 2
  const match = declaration.exec(text.slice(0, end))
  if (match === null) return 'bad_declaration'
  const encoding = match[1] ?? match[2] ?? 'UTF-8'
  return encoding.toUpperCase() === 'UTF-8' ? end : 'bad_encoding'
}
