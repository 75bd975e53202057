/**
 * Reads TypeScript as text, well enough for questions such as "who imports whom" and "does this word occur
 * in code". No syntax tree, so that the architecture test takes milliseconds.
 */

const tokens =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=(?:[=(,:[!&|?{};>]|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/)|((?<=^|[\s;{}(),])\/\/[^\n]*|\/\*[\s\S]*?\*\/)/gm

/** The source without its comments; string, template and regular-expression literals stay. */
export function stripComments(source: string): string {
  return source.replace(tokens, (_, literal: string | undefined, comment: string | undefined) =>
    comment === undefined ? (literal ?? '') : comment.replace(/[^\n]/g, ''),
  )
}

const statement = /^\s*(?:import|export)\s(?!type\s)[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm
const typeStatement = /^\s*(?:import|export)\s+type\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm
const bare = /^\s*import\s*['"]([^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g

/** The module specifiers that a source imports or re-exports, types included. */
export function importsOf(source: string): readonly string[] {
  return specifiers(source, [statement, typeStatement, bare, dynamic])
}

/** As {@link importsOf}, without `import type` and `export type`, which are gone when the code runs. */
export function loadedImportsOf(source: string): readonly string[] {
  return specifiers(source, [statement, bare, dynamic])
}

function specifiers(source: string, patterns: readonly RegExp[]): readonly string[] {
  const code = stripComments(source)
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
}
