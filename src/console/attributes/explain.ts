import type { RuleAnswer, Source, SourceRule, Value } from './answers.ts'
import { sourceNames, sources } from './answers.ts'

/** A place in a text: the line that it is in, or a part of a long one, and what to put under it. */
export type Caret = { readonly line: string; readonly caret: string }

/** Characters shown before and after the place. */
const around = 48

/**
 * Points at a character of a text.
 * @param position from 1; one past the end is where something is missing
 */
export function caretAt(text: string, position: number): Caret {
  const index = Math.min(Math.max(position, 1), text.length + 1) - 1
  const start = text.lastIndexOf('\n', index - 1) + 1
  const end = text.indexOf('\n', index)
  const line = text.slice(start, end === -1 ? text.length : end)
  const column = index - start
  const from = Math.max(0, column - around)
  const to = Math.min(line.length, column + around)
  const [before, after] = [from > 0 ? '…' : '', to < line.length ? '…' : '']
  return {
    // A tab is wider than a character, and then the caret would stand elsewhere.
    line: `${before}${line.slice(from, to).replaceAll('\t', ' ')}${after}`,
    caret: `${' '.repeat(before.length + column - from)}^`,
  }
}

/** Points at the character that a message names; null when it names none. */
export function caretIn(message: string, text: string): Caret | null {
  const position = /\bat character (\d+)/i.exec(message)?.[1]
  return position === undefined ? null : caretAt(text, Number(position))
}

/** What is wrong with each source's part of an attribute's rule, and with the rest of it. */
export function ruleErrors(
  errors: readonly { readonly field: string; readonly message: string }[] | undefined,
  key: string,
): Readonly<Partial<Record<Source | 'rule', string>>> {
  const found: Partial<Record<Source | 'rule', string>> = {}
  for (const { field, message } of errors ?? []) {
    const start = `rules.${key}.`
    const part = field.startsWith(start) ? (field.slice(start.length).split('.')[0] ?? '') : ''
    const place = sources.find((source) => source === part) ?? 'rule'
    const index = /\.(\d+)$/.exec(field)?.[1]
    const which = index === undefined ? '' : `Name ${Number(index) + 1} `
    found[place] = `${found[place] === undefined ? '' : `${found[place]}; `}${which}${message}`
  }
  return found
}

/** One part of a rule before and after. */
export type Difference = {
  readonly part: string
  readonly before: string
  readonly after: string
}

/** What is another one in a rule, in words. */
export function ruleDifference(before: RuleAnswer, after: RuleAnswer): readonly Difference[] {
  const parts: readonly (readonly [string, (rule: RuleAnswer) => string])[] = [
    ['Who wins', (rule) => tiersText(rule.tiers)],
    ['A blank', ({ blankClears }) => (blankClears ? 'clears the value' : 'is passed over')],
    ...sources.map(
      (source) =>
        [sourceNames[source] ?? source, (rule: RuleAnswer) => sourceText(rule[source])] as const,
    ),
  ]
  return parts
    .map(([part, tell]) => ({ part, before: tell(before), after: tell(after) }))
    .filter((one) => one.before !== one.after)
}

/** Which sources count, the strongest first. */
export function tiersText(tiers: readonly (readonly Source[])[]): string {
  if (tiers.length === 0) return 'nobody'
  return tiers
    .map((tier) => tier.map((source) => sourceNames[source] ?? source).join(' and '))
    .join(', then ')
}

function sourceText(rule: SourceRule): string {
  if ('expression' in rule) return rule.expression
  return rule.length === 0 ? 'nothing' : rule.join(', ')
}

/** The sources that feed an attribute at all: they count, and have a name or an expression. */
export function feeding(rule: RuleAnswer): readonly Source[] {
  return rule.tiers.flat().filter((source) => {
    const own = rule[source]
    return 'expression' in own || own.length > 0
  })
}

/** A value as text; null when there is none. */
export function valueText(value: Value | undefined | null): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? value.map(String).join(', ') : String(value)
}

const problemTexts: Readonly<Record<string, string>> = {
  wrong_type: 'What is stated is not of the attribute’s type.',
  several_values: 'Several values are stated for an attribute that has one.',
  expression_failed: 'The expression failed.',
  no_room: 'The profile has no room for it.',
  required_missing: 'It is required, and nobody states one.',
}

/** Why an attribute has no value, in a sentence. */
export function problemText({
  kind,
  message,
}: {
  readonly kind: string
  readonly message: string | null
}): string {
  const text = problemTexts[kind] ?? kind
  return message === null ? text : `${text} ${message}`
}
