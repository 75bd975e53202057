import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDateTime } from '../../../src/scim/filter/date-time.ts'

describe('a date and time', () => {
  it.each([
    ['2026-01-31T09:30:00Z', Date.UTC(2026, 0, 31, 9, 30)],
    ['2026-01-31t09:30:00z', Date.UTC(2026, 0, 31, 9, 30)],
    ['2026-01-31T09:30:00', Date.UTC(2026, 0, 31, 9, 30)],
    ['2026-01-31T09:30:00.5Z', Date.UTC(2026, 0, 31, 9, 30, 0, 500)],
    ['2026-01-31T09:30:00.123456789Z', Date.UTC(2026, 0, 31, 9, 30, 0, 123)],
    ['2026-01-31T09:30:00+02:00', Date.UTC(2026, 0, 31, 7, 30)],
    ['2026-01-31T23:30:00-02:30', Date.UTC(2026, 1, 1, 2, 0)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1969-12-31T23:59:59Z', -1000],
  ])('%s', (text, at) => {
    expect(readDateTime(text)).toBe(at)
  })

  it.each([
    '',
    'now',
    '2026-01-31',
    '2026-01-31 09:30:00Z',
    '2026-02-29T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09:60:00Z',
    '2026-01-31T09:30:60Z',
    '2026-01-31T09:30:00+15:00',
    '2026-01-31T09:30:00+01:60',
    '2026-01-31T09:30:00.Z',
    '0026-01-31T09:30:00Z',
    '2026-01-31T09:30:00Zx',
  ])('is none: %s', (text) => {
    expect(readDateTime(text)).toBeNull()
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(-30e12), max: new Date(200e12), noInvalidDate: true }),
        (date) => {
          expect(readDateTime(date.toISOString())).toBe(date.getTime())
        },
      ),
    )
  })
})
