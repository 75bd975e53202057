import type { FormFields } from '../route.ts'
import { type RuleAnswer, type Source, type SourceRule, sources, type Value } from './answers.ts'

/** How one source feeds the attribute, as it stands in the form. */
export type SourceDraft = { readonly isExpression: boolean; readonly text: string }

/** A rule as it stands in the form. */
export type Draft = {
  /** The tier of each source, `1` being the strongest; empty for a source that does not count. */
  readonly ranks: Readonly<Record<Source, string>>
  /** Sources in the order in which the rule had them: of two at once in a tier, the first wins. */
  readonly order: readonly Source[]
  readonly blankClears: boolean
  readonly from: Readonly<Record<Source, SourceDraft>>
}

/** A rule of the mapping as a form. */
export function draftOf(rule: RuleAnswer): Draft {
  const ranks = { manual: '', scim: '', graph: '', saml: '' }
  for (const [i, tier] of rule.tiers.entries()) for (const one of tier) ranks[one] = String(i + 1)
  const named = rule.tiers.flat()
  return {
    ranks,
    order: [...named, ...sources.filter((one) => !named.includes(one))],
    blankClears: rule.blankClears,
    from: eachSource((source) => sourceDraft(rule[source])),
  }
}

function sourceDraft(rule: SourceRule): SourceDraft {
  return 'expression' in rule
    ? { isExpression: true, text: rule.expression }
    : { isExpression: false, text: rule.join('\n') }
}

/** What a form says of a rule; whatever it says, since the API judges it. */
export function readDraft(form: FormFields): Draft {
  const given = form.text('order').split(' ')
  return {
    ranks: eachSource((source) => form.text(`tier-${source}`)),
    order: sources.toSorted((a, b) => given.indexOf(a) - given.indexOf(b)),
    blankClears: form.has('blankClears'),
    from: eachSource((source) => ({
      isExpression: form.text(`mode-${source}`) === 'expression',
      text: form.text(`from-${source}`).replaceAll('\r\n', '\n'),
    })),
  }
}

/** The rule that a form describes. */
export function ruleOf({ ranks, order, blankClears, from }: Draft): RuleAnswer {
  const counting = order.filter((source) => ranks[source] !== '')
  const byRank = Map.groupBy(counting, (source) => Number(ranks[source]))
  return {
    tiers: [...byRank].toSorted(([a], [b]) => a - b).map(([, tier]) => tier),
    blankClears,
    ...eachSource((source): SourceRule => {
      const { isExpression, text } = from[source]
      return isExpression ? { expression: text.trim() } : lines(text)
    }),
  }
}

function eachSource<T>(make: (source: Source) => T): Readonly<Record<Source, T>> {
  return {
    manual: make('manual'),
    scim: make('scim'),
    graph: make('graph'),
    saml: make('saml'),
  }
}

/** The lines of a text that say something. */
export function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** A default as the API takes it: of the type, a list where the attribute has several values, null for none. */
export function readDefault(
  text: string,
  { type, multiValued }: { readonly type: string; readonly multiValued: boolean },
): Value | null {
  const values = lines(text).map((line) => typed(line, type))
  const [first] = values
  if (first === undefined) return null
  return multiValued ? values : values.length === 1 ? first : text.trim()
}

/** What is not of the type stays text, so that the API says so. */
function typed(text: string, type: string) {
  if (type === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return type === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text
}
