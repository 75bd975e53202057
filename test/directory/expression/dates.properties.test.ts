import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addInterval,
  countIntervals,
  intervals,
  isWritable,
  momentOf,
} from '../../../src/directory/expression/calendar.ts'
import {
  readFormat,
  readMoment,
  writeMoment,
} from '../../../src/directory/expression/date-formats.ts'
import { cases } from '../../support/cases.ts'

const first = momentOf({ year: 1, month: 1, day: 1 }) ?? 0
const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const moments = fc.integer({ min: first, max: last })

/** Formats that say everything down to the millisecond. */
const wholeFormats = [
  'yyyy-MM-ddTHH:mm:ss.fffZ',
  'yyyyMMddHHmmssfff',
  "d MMMM yyyy 'at' h:mm:ss.fff tt",
  'dddd, dd MMM yyyy HH:mm:ss.FFFFFFF K',
  'M/d/yyyy H:m:s.fffffff zzz',
  'yyyy\\y MM dd hh t mm ss fff z',
]

function formatOf(text: string) {
  const format = readFormat(text)
  if (format === null) throw new Error(`no format: ${text}`)
  return format
}

describe('a date format', () => {
  it('reads what it wrote', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...wholeFormats), (ms, text) => {
        const format = formatOf(text)
        expect(readMoment(writeMoment(ms, format), format)).toBe(ms)
      }),
    )
  })

  it('is read or refused, and so is every text by it, whatever they are', () => {
    const format = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom(...'yMdHhmsfFtzK\'"\\-: T'), { maxLength: 20 })
        .map((all) => all.join('')),
    )
    fc.assert(
      fc.property(format, fc.string(), moments, (text, value, ms) => {
        const read = readFormat(text)
        if (read === null) return
        expect(typeof writeMoment(ms, read)).toBe('string')
        const moment = readMoment(value, read)
        expect(moment === null || Number.isInteger(moment)).toBe(true)
      }),
      { numRuns: cases(1000) },
    )
  })

  it.each([
    ['M/d/yyyy', '2/30/2026'],
    ['M/d/yyyy', '13/1/2026'],
    ['yyyy-MM-dd', '2026-1-02'],
    ['yyyy-MM-dd', '2026-01-02x'],
    ['yyyy-MM-dd hh tt', '2026-01-02 13 PM'],
    ['yyyy-MM-dd hh tt', '2026-01-02 00 AM'],
    ['yyyy-MM-dd HH', '2026-01-02 24'],
    ['yyyy-MM-ddzzz', '2026-01-02+15:00'],
    ['MM-dd', '01-02'],
    ['d MMM yyyy', '1 Foo 2026'],
  ])('%s does not read %s', (format, text) => {
    expect(readMoment(text, formatOf(format))).toBeNull()
  })

  it.each([
    ['yy-MM-dd', '49-01-01', '2049-01-01'],
    ['yy-MM-dd', '50-01-01', '1950-01-01'],
    ['M/d/yyyy h tt', '1/2/2026 12 AM', '2026-01-02'],
    ['yyyy', ' 2026 ', '2026-01-01'],
    ['d MMM yyyy', '29 FEB 2028', '2028-02-29'],
    ['yyyy-MM-ddzzz', '2026-01-02+03:00', '2026-01-01'],
  ])('%s reads %s', (format, text, day) => {
    const ms = readMoment(text, formatOf(format))
    expect(ms !== null && writeMoment(ms, formatOf('yyyy-MM-dd'))).toBe(day)
  })

  it.each(['', 'd', 'yyy', 'MMMMM', "yyyy 'open", 'ffffffff', 'gg yyyy', 'y'.repeat(101)])(
    '%j is none',
    (text) => {
      expect(readFormat(text)).toBeNull()
    },
  )
})

describe('intervals', () => {
  it.each([
    ['2026-01-31', 'm', 1, '2026-02-28'],
    ['2028-01-31', 'm', 1, '2028-02-29'],
    ['2028-02-29', 'yyyy', 1, '2029-02-28'],
    ['2026-03-31', 'm', -1, '2026-02-28'],
    ['2026-01-15', 'm', -13, '2024-12-15'],
    ['2026-12-31', 'd', 1, '2027-01-01'],
    ['2026-01-01', 'ww', -1, '2025-12-25'],
  ])('%s and %s %i is %s', (from, interval, count, to) => {
    const day = formatOf('yyyy-MM-dd')
    const ms = addInterval(readMoment(from, day) ?? 0, interval, count)
    expect(ms !== null && writeMoment(ms, day)).toBe(to)
  })

  it('that are added are counted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.constantFrom(...intervals),
        fc.integer({ min: -1000, max: 1000 }),
        (ms, interval, count) => {
          const to = addInterval(ms, interval, count) ?? Number.NaN
          expect(countIntervals(ms, to, interval)).toBe(count + 0)
          expect(isWritable(to)).toBe(true)
        },
      ),
    )
  })

  it('that are not there are neither', () => {
    expect([addInterval(0, 'q', 1), countIntervals(0, 1, 'q')]).toEqual([null, null])
  })

  it('cannot leave the years that are written', () => {
    for (const count of [1e15, -1e15, 1e300, Number.NaN]) {
      for (const interval of intervals) {
        expect(isWritable(addInterval(0, interval, count) ?? Number.NaN)).toBe(false)
      }
    }
  })
})
