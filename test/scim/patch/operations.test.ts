import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/kernel/index.ts'
import { readOperations } from '../../../src/scim/patch/operations.ts'

describe('the operations of a PATCH', () => {
  it('are read in any case of names and ops, with their path', () => {
    const body = {
      operations: [
        { OP: 'Add', Path: 'title', VALUE: null },
        { op: 'remove', path: ' ' },
      ],
    }
    expect(readOperations(body)).toEqual({
      ok: true,
      value: [
        { op: 'add', path: 'title', value: null, hasValue: true, number: 1 },
        { op: 'remove', path: null, value: undefined, hasValue: false, number: 2 },
      ],
    })
  })

  it('may be one without a list, or none', () => {
    expect(readOperations({ Operations: { op: 'add', value: {} } })).toMatchObject({
      ok: true,
      value: [{ op: 'add' }],
    })
    expect(readOperations({ Operations: [] })).toEqual({ ok: true, value: [] })
  })

  it.each([
    ['no object', [], 'scim.invalid_syntax', /no Operations/],
    ['no Operations', { schemas: [] }, 'scim.invalid_syntax', /no Operations/],
    ['Operations that are a text', { Operations: 'x' }, 'scim.invalid_syntax', /no Operations/],
    [
      'an operation that is a text',
      { Operations: ['x'] },
      'scim.invalid_syntax',
      /Operation 1 is no/,
    ],
    ['no op', { Operations: [{ path: 'title' }] }, 'scim.invalid_syntax', /Operation 1 has no op/],
    ['another op', { Operations: [{ op: 'move' }] }, 'scim.invalid_syntax', /the op "move"/],
    [
      'a path that is a number',
      { Operations: [{ op: 'add', path: 1 }] },
      'scim.invalid_path',
      /no text/,
    ],
    [
      'too many',
      { Operations: Array(limits.scimPatchOperations + 1).fill({ op: 'remove', path: 'title' }) },
      'scim.too_many',
      /10001 operations, and 10000 is the most/,
    ],
  ])('are refused: %s', (_name, body, code, detail) => {
    const read = readOperations(body)
    expect(read).toMatchObject({ ok: false, failure: { code } })
    if (!read.ok) expect(read.failure.detail).toMatch(detail)
  })
})
