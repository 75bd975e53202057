import { err, ok, type Result } from '../../kernel/index.ts'

/** A piece of a filter, with the place of its first character, from 1. */
export type Token = {
  readonly kind: 'word' | 'text' | '(' | ')' | '[' | ']' | 'end'
  /** The word as written, or the text between the quotes without escapes. */
  readonly text: string
  readonly at: number
}

/** What is wrong with a filter, and where. */
export type FilterProblem = { readonly at: number; readonly problem: string }

const pattern = /\s*(?:([()[\]])|"((?:[^"\\]|\\.)*)"|([^\s()[\]"]+))/suy

/** Takes a filter apart: brackets, texts in quotes as in JSON, and words. */
export function tokenize(filter: string): Result<readonly Token[], FilterProblem> {
  const tokens: Token[] = []
  const end = filter.trimEnd().length
  pattern.lastIndex = 0
  for (;;) {
    const start = pattern.lastIndex
    if (start >= end) break
    const match = pattern.exec(filter)
    if (match === null) {
      return err({ at: start + 1, problem: 'a quotation mark has no closing one' })
    }
    const [whole, bracket, quoted, word = ''] = match
    const at = start + whole.length - whole.trimStart().length + 1
    if (bracket !== undefined) {
      tokens.push({ kind: bracket as '(', text: bracket, at })
    } else if (quoted !== undefined) {
      const text = withoutEscapes(quoted)
      if (text === null) {
        const problem =
          'a text is not a JSON string: write a backslash as \\\\ and a quotation mark as \\"'
        return err({ at, problem })
      }
      tokens.push({ kind: 'text', text, at })
    } else {
      tokens.push({ kind: 'word', text: word, at })
    }
  }
  tokens.push({ kind: 'end', text: 'the end', at: end + 1 })
  return ok(tokens)
}

/** The inside of a JSON string without its escapes, or null when it has others. */
function withoutEscapes(quoted: string): string | null {
  try {
    return JSON.parse(`"${quoted}"`) as string
  } catch {
    return null // SyntaxError: an escape that JSON does not have, or a raw control character
  }
}
