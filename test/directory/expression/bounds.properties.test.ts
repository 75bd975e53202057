import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileExpression, expressionFunctions } from '../../../src/directory/expression/index.ts'
import { limits } from '../../../src/kernel/index.ts'
import { cases } from '../../support/cases.ts'

const literal = fc.oneof(
  fc
    .string({ maxLength: 12 })
    .map((text) => JSON.stringify(text.replaceAll(/[^ -~]/g, '')).replaceAll(/\\u00../g, '')),
  fc.integer({ min: -50, max: 50 }).map(String),
  fc.constantFrom('[a]', '[b]', '[c]', 'true', 'false', '"yyyy-MM-dd"', '"d"', '&HFF', ''),
)

/** An expression of any functions in any nesting, of which many are refused. */
const expression = fc.letrec<{ node: string; call: string }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, literal, tie('call')),
  call: fc
    .tuple(
      fc.constantFrom(...expressionFunctions),
      fc.array(tie('node'), { minLength: 1, maxLength: 6 }),
    )
    .map(([{ name }, args]) => `${name}(${args.join(', ')})`),
})).call

const values = fc.option(
  fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 5 }),
  {
    nil: undefined,
  },
)

describe('an expression', () => {
  it('is parsed or refused with a place, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), expression), (text) => {
        const compiled = compileExpression(text)
        if (compiled.ok) return
        expect(compiled.failure.position).toBeGreaterThanOrEqual(1)
        expect(compiled.failure.position).toBeLessThanOrEqual(text.length + 1)
        expect(compiled.failure.message).not.toBe('')
      }),
      { numRuns: cases(2000) },
    )
  })

  it('has an outcome, the same each time, within the limits', () => {
    fc.assert(
      fc.property(expression, fc.tuple(values, values, values), (text, stated) => {
        const compiled = compileExpression(`IIF(IsNull([a]), ${text}, ${text})`)
        if (!compiled.ok) return
        const { evaluate } = compiled.value
        const outcome = evaluate(stated)
        expect(evaluate(stated)).toEqual(outcome)
        if (outcome.kind !== 'values') return
        expect(outcome.values.length).toBeLessThanOrEqual(limits.expressionItems)
        expect(outcome.values.join('').length).toBeLessThanOrEqual(
          limits.expressionValueLength + 64,
        )
      }),
      { numRuns: cases(3000) },
    )
  })
})

describe('a value that grows', () => {
  const long = 'x'.repeat(4000)

  function outcomeOf(text: string, stated: readonly string[]) {
    const compiled = compileExpression(text)
    if (!compiled.ok) return compiled.failure.message
    const outcome = compiled.value.evaluate([stated])
    return outcome.kind === 'fault' ? outcome.problem.message : outcome.kind
  }

  it.each([
    ['by Replace', 'Replace([a], "x", , , [a])'],
    ['by a template', 'Replace([a], "x", , , , , Replace([a], "x", , , "xx"))'],
    ['by Join', 'Join([a], [a], [a], [a], [a], [a], [a])'],
    ['by Append', `${'Append('.repeat(5)}[a]${', [a])'.repeat(5)}`],
    ['by ConvertToUTF8Hex', 'ConvertToUTF8Hex(ConvertToUTF8Hex(ConvertToUTF8Hex([a])))'],
    ['by Split', 'Split([a], "x")'],
  ])('%s ends at the limit', (_how, text) => {
    const stated = text.startsWith('Split') ? ['axb'.repeat(2000)] : [long]
    expect(outcomeOf(text, stated)).toMatch(/too large|makes more than/)
  })

  it('is stopped by its steps', () => {
    const work = `Count(Split([a], ";"))`
    const sum = Array.from({ length: 40 }, () => work).join(', ')
    expect(outcomeOf(`Join(" ", ${sum})`, ['a;'.repeat(900)])).toMatch(/too much work/)
  })

  it.each([
    'Replace([a], [a], , , "x")',
    'InStr("x", [a])',
    'Split("x", [a])',
    'Word("x", 1, [a])',
    'PCase("x", [a])',
  ])('is not searched for: %s', (text) => {
    expect(outcomeOf(text, ['a'.repeat(limits.expressionSearchLength)])).toBe('values')
    expect(outcomeOf(text, ['a'.repeat(limits.expressionSearchLength + 1)])).toMatch(/searches for/)
  })

  it('is refused as it comes from the source', () => {
    expect(outcomeOf('ToLower([a])', ['x'.repeat(limits.expressionValueLength + 1)])).toMatch(
      /too large/,
    )
  })
})
