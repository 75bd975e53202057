import { describe, expect, it } from 'vitest'
import { errorFields } from '../../src/kernel/index.ts'

describe('what a log says of something thrown', () => {
  it('is the first cause, without parameters of queries', () => {
    const cause = new Error('D1_ERROR: no such column: x')
    const error = new Error('Failed query: select ?\nparams: ann@contoso.com\n    at ann', {
      cause,
    })
    const { message, stack } = errorFields(new Error('outer', { cause: error }))
    expect([message, stack?.includes('ann')]).toEqual(['D1_ERROR: no such column: x', false])
    expect(stack).toMatch(/^ +at .*log\.test\.ts/)
  })

  it.each([
    ['Failed query: select ?\nparams: ann@contoso.com,\n1', 'Failed query: select ?'],
    ['D1_ERROR: gone', 'D1_ERROR: gone'],
    ['searchparams: is a word', 'searchparams: is a word'],
  ])('leaves them out of %j also where there is no cause', (told, message) => {
    const fields = errorFields(new Error(told))
    expect(fields.message).toBe(message)
    expect(fields.stack).not.toContain('ann')
  })

  it('is the text of what is no error', () => {
    expect(errorFields('gone')).toEqual({ message: 'gone', stack: undefined })
  })
})
