import { describe, expect, it } from 'vitest'
import { claimLines, readClaimLines } from '../../src/console/settings/claim-lines.ts'

describe('claim names as lines', () => {
  it('are read as they are written, several of one attribute in their order', () => {
    const names = { department: ['urn:dept', 'https://x.example/?a=b'], title: ['job'] }
    expect(claimLines(names)).toBe(
      'department = urn:dept\ndepartment = https://x.example/?a=b\ntitle = job',
    )
    expect(readClaimLines(claimLines(names))).toEqual(names)
  })

  it.each([
    ['', {}],
    [' \r\n\n', {}],
    ['department=urn:a\r\n', { department: ['urn:a'] }],
    ['department', { department: [''] }],
    ['= urn:a', { '': ['urn:a'] }],
    ['__proto__ = a', JSON.parse('{"__proto__":["a"]}')],
  ])('%o', (text, names) => {
    expect(readClaimLines(text)).toEqual(names)
  })
})
