import { describe, expect, it } from 'vitest'
import type { RuleAnswer } from '../../src/console/attributes/answers.ts'
import { draftOf, readDefault, readDraft, ruleOf } from '../../src/console/attributes/draft.ts'
import {
  caretAt,
  caretIn,
  feeding,
  problemText,
  ruleDifference,
  ruleErrors,
  tiersText,
  valueText,
} from '../../src/console/attributes/explain.ts'
import type { FormFields } from '../../src/console/route.ts'

const rule: RuleAnswer = {
  tiers: [['manual'], ['graph', 'scim'], ['saml']],
  blankClears: true,
  manual: ['title'],
  scim: ['title'],
  graph: { expression: 'Trim([jobTitle])' },
  saml: [],
}

function formOf(values: Readonly<Record<string, string>>): FormFields {
  return {
    text: (name) => values[name] ?? '',
    all: (name) => (values[name] === undefined ? [] : [values[name]]),
    has: (name) => values[name] !== undefined,
  }
}

describe('a rule in a form', () => {
  it('comes back as it was, the order inside a tier too', () => {
    expect(ruleOf(draftOf(rule))).toEqual(rule)
    const form = formOf({
      ...{ order: 'manual graph scim saml', blankClears: 'true' },
      ...{ 'tier-manual': '1', 'tier-scim': '2', 'tier-graph': '2', 'tier-saml': '3' },
      ...{ 'from-manual': 'title', 'from-scim': ' title \r\n\r\n', 'from-saml': '' },
      ...{ 'mode-graph': 'expression', 'from-graph': 'Trim([jobTitle])\n' },
    })
    expect(ruleOf(readDraft(form))).toEqual(rule)
  })

  it('leaves out sources without a tier, and closes gaps', () => {
    const draft = draftOf(rule)
    const ranks = { manual: '4', scim: '', graph: '1', saml: '' }
    expect(ruleOf({ ...draft, ranks }).tiers).toEqual([['graph'], ['manual']])
    expect(draftOf({ ...rule, tiers: [] }).ranks).toMatchObject({ scim: '', manual: '' })
  })

  it('has a default of its type, or the text that the API refuses', () => {
    const one = { type: 'number', multiValued: false }
    expect(readDefault('7', one)).toBe(7)
    expect(readDefault('seven', one)).toBe('seven')
    expect(readDefault('1\n2', one)).toBe('1\n2')
    expect(readDefault('1\n2', { ...one, multiValued: true })).toEqual([1, 2])
    expect(readDefault('true', { type: 'boolean', multiValued: false })).toBe(true)
    expect(readDefault(' \n', one)).toBeNull()
  })
})

describe('a place in an expression', () => {
  it.each([
    ['Trim(x)', 6, 'Trim(x)', '     ^'],
    ['Trim(', 6, 'Trim(', '     ^'],
    ['a\nbc\nd', 4, 'bc', ' ^'],
    ['a\nbc', 1, 'a', '^'],
    ['a\nbc', 2, 'a', ' ^'],
    ['\tx', 2, ' x', ' ^'],
    ['', 1, '', '^'],
    ['ab', 99, 'ab', '  ^'],
  ])('%j at %i', (text, position, line, caret) => {
    expect(caretAt(text, position)).toEqual({ line, caret })
  })

  it('of a long line is shown with what is around it', () => {
    const { line, caret } = caretAt(`${'a'.repeat(200)}!${'b'.repeat(200)}`, 201)
    expect(line[caret.length - 1]).toBe('!')
    expect(line).toMatch(/^…a{48}!b{47}…$/)
  })

  it('is the one that the message names', () => {
    expect(caretIn('cannot be read at character 2: no', 'ab')).toEqual({ line: 'ab', caret: ' ^' })
    expect(caretIn('At character 1: no', 'ab')?.caret).toBe('^')
    expect(caretIn('must be text', 'ab')).toBeNull()
  })
})

describe('what is wrong with a rule', () => {
  it('stands at the source that it is about', () => {
    const errors = [
      { field: 'rules.title.graph.1', message: 'is there twice' },
      { field: 'rules.title.graph.0', message: 'is no property' },
      { field: 'rules.title.scim.expression', message: 'cannot be read at character 3: x' },
      { field: 'rules', message: 'is too long' },
    ]
    expect(ruleErrors(errors, 'title')).toEqual({
      graph: 'Name 2 is there twice; Name 1 is no property',
      scim: 'cannot be read at character 3: x',
      rule: 'is too long',
    })
    expect(ruleErrors(undefined, 'title')).toEqual({})
  })
})

describe('rules in words', () => {
  it('say what differs', () => {
    const after = { ...rule, blankClears: false, saml: ['title'], tiers: [['saml']] as const }
    expect(ruleDifference(rule, after)).toEqual([
      {
        part: 'Who wins',
        before: 'By hand, then Microsoft Graph and SCIM, then Sign-in',
        after: 'Sign-in',
      },
      { part: 'A blank', before: 'clears the value', after: 'is passed over' },
      { part: 'Sign-in', before: 'nothing', after: 'title' },
    ])
    expect(ruleDifference(rule, rule)).toEqual([])
  })

  it('name who feeds an attribute, and nobody', () => {
    expect(feeding(rule)).toEqual(['manual', 'graph', 'scim'])
    expect(tiersText([])).toBe('nobody')
  })

  it('show values and why there is none', () => {
    expect([valueText(['a', 7]), valueText(false), valueText(undefined)]).toEqual([
      'a, 7',
      'false',
      null,
    ])
    expect(problemText({ kind: 'expression_failed', message: 'At character 1: no' })).toBe(
      'The expression failed. At character 1: no',
    )
  })
})
