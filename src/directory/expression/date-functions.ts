import { addInterval, countIntervals, intervals, isWritable, momentOf } from './calendar.ts'
import { readFormat, readMoment, writeMoment } from './date-formats.ts'
import { constantText, type FunctionEntry, parameters } from './signature.ts'
import type { ExpressionNode } from './tree.ts'
import {
  cut,
  type Fault,
  fault,
  integerOf,
  isBlank,
  type Moment,
  type Plain,
  single,
  singleText,
} from './value.ts'

/** 100-nanosecond steps of Active Directory in a millisecond, and its beginning in 1601. */
const ticksPerMs = 10_000n
const beginning = -11_644_473_600_000

/** Functions over times, after Microsoft's reference for writing expressions. All times are UTC. */
export const dateFunctions: readonly FunctionEntry[] = [
  {
    name: 'CDate',
    parameters: parameters('source'),
    does: 'The time that a text is: ISO 8601 with or without time and zone, or month/day/year. Without a zone it is UTC.',
    example: 'CDate("2021-06-30+08:00")',
    gives: '2021-06-29T16:00:00Z',
    apply: ([source = null]) => (isBlank(source) ? null : momentIn(source)),
  },
  {
    name: 'DateAdd',
    parameters: parameters('interval value dateTime'),
    does: 'The time so many intervals later, earlier for a negative number: yyyy year, m month, ww week, d day, h hour, n minute, s second.',
    example: 'DateAdd("d", 7, CDate([employeeHireDate]))',
    gives: '2012-03-23T07:00:00Z',
    check: (args) => unknownInterval(args[0]),
    apply: ([interval = null, value = null, dateTime = null]) => {
      if (isBlank(dateTime)) return null
      const [name, count, from] = [singleText(interval), integerOf(value), momentIn(dateTime)]
      if (typeof name !== 'string') return name
      if (typeof count !== 'number') return count
      if (from.kind === 'fault') return from
      const ms = addInterval(from.ms, name, count)
      return ms === null ? fault(`does not know the interval "${cut(name)}"`) : moment(ms)
    },
  },
  {
    name: 'DateDiff',
    parameters: parameters('interval date1 date2'),
    does: 'How many intervals lie from the first time to the second, negative when the second is earlier; intervals as in DateAdd.',
    example: 'DateDiff("d", CDate("2021-08-18"), CDate("2021-08-31"))',
    gives: '13',
    check: (args) => unknownInterval(args[0]),
    apply: ([interval = null, date1 = null, date2 = null]) => {
      if (isBlank(date1) || isBlank(date2)) return null
      const [name, from, to] = [singleText(interval), momentIn(date1), momentIn(date2)]
      if (typeof name !== 'string') return name
      if (from.kind === 'fault') return from
      if (to.kind === 'fault') return to
      const count = countIntervals(from.ms, to.ms, name)
      return count ?? fault(`does not know the interval "${cut(name)}"`)
    },
  },
  {
    name: 'DateFromNum',
    parameters: parameters('value'),
    does: 'The time of a number as Active Directory counts: 100 nanoseconds since 1601.',
    example: 'DateFromNum(129699324000000000)',
    gives: '2012-01-01T23:00:00Z',
    apply: ([value = null]) => {
      if (isBlank(value)) return null
      const text = singleText(value)
      if (typeof text !== 'string') return text
      if (!/^\d{1,19}$/.test(text)) return fault(`takes a whole number, not "${cut(text)}"`)
      return moment(Number(BigInt(text) / ticksPerMs) + beginning)
    },
  },
  {
    name: 'NumFromDate',
    parameters: parameters('source'),
    does: 'A time as Active Directory counts: 100 nanoseconds since 1601.',
    example: 'NumFromDate(CDate("2012-01-01T23:00:00Z"))',
    gives: '129699324000000000',
    apply: ([source = null]) => {
      if (isBlank(source)) return null
      const at = momentIn(source)
      if (at.kind === 'fault') return at
      if (at.ms < beginning) return fault('takes a time after 1600')
      // As text, since a number has not so many digits.
      return String(BigInt(at.ms - beginning) * ticksPerMs)
    },
  },
  {
    name: 'FormatDateTime',
    parameters: parameters('source dateTimeStyles? inputFormat? outputFormat'),
    does: 'A time read by one format and written by another, in .NET’s custom formats with English names; the styles change nothing, since all is UTC. A time of CDate needs no inputFormat.',
    example: 'FormatDateTime("20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
    gives: '2015-01-23',
    check: (args) => unknownFormat(args[2]) ?? unknownFormat(args[3]),
    apply: ([source = null, , inputFormat = null, outputFormat = null]) => {
      if (isBlank(source)) return null
      const [input, output] = [singleText(inputFormat), singleText(outputFormat)]
      if (typeof input !== 'string') return input
      if (typeof output !== 'string') return output
      const at = input === '' ? momentIn(source) : momentByFormat(source, input)
      if (at.kind === 'fault') return at
      const format = readFormat(output)
      return format === null ? unreadable(output) : writeMoment(at.ms, format)
    },
  },
]

const zonePattern = '(Z|[+-]\\d{2}:\\d{2})?'
const isoTime = new RegExp(
  `^(\\d{4})-(\\d{2})-(\\d{2})(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?)?${zonePattern}$`,
)
const usFormats = [
  'M/d/yyyy',
  'M/d/yyyy H:mm',
  'M/d/yyyy H:mm:ss',
  'M/d/yyyy h:mm tt',
  'M/d/yyyy h:mm:ss tt',
]
  .map(readFormat)
  .filter((format) => format !== null)

/** The time that a value is. */
export function momentIn(value: Plain): Moment | Fault {
  const one = single(value)
  if (one !== null && typeof one === 'object') return one
  const text = singleText(one)
  if (typeof text !== 'string') return text
  const ms = text.length > 60 ? null : readText(text.trim())
  return ms === null ? fault(`cannot read "${cut(text)}" as a time`) : moment(ms)
}

function readText(text: string): number | null {
  const match = isoTime.exec(text)
  if (match === null) {
    for (const format of usFormats) {
      const ms = readMoment(text, format)
      if (ms !== null) return ms
    }
    return null
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0))
  const zone = match[8] ?? 'Z'
  const ahead = zone === 'Z' ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return momentOf({
    year,
    month,
    day,
    hour,
    minute,
    second,
    ms: Number((match[7] ?? '').slice(0, 3).padEnd(3, '0')),
    offset: zone.startsWith('-') ? -ahead : ahead,
  })
}

function momentByFormat(source: Plain, input: string): Moment | Fault {
  const one = single(source)
  // A time already: how it would have been written says nothing.
  if (one !== null && typeof one === 'object') return one
  const text = singleText(one)
  if (typeof text !== 'string') return text
  const format = readFormat(input)
  if (format === null) return unreadable(input)
  const ms = text.length > 100 ? null : readMoment(text, format)
  return ms === null ? fault(`cannot read "${cut(text)}" by the format ${cut(input)}`) : moment(ms)
}

function moment(ms: number): Moment | Fault {
  return isWritable(ms) ? { kind: 'moment', ms } : fault('makes a time before year 1 or after 9999')
}

function unreadable(format: string): Fault {
  return fault(`does not know the format "${cut(format)}"`)
}

function unknownInterval(arg: ExpressionNode | null | undefined): string | null {
  const name = constantText(arg)
  return name === null || intervals.includes(name)
    ? null
    : `does not know the interval "${cut(name)}"; there are ${intervals.join(', ')}`
}

function unknownFormat(arg: ExpressionNode | null | undefined): string | null {
  const format = constantText(arg)
  if (format === null || readFormat(format) !== null) return null
  return `does not know the format "${cut(format)}"; it takes .NET’s custom formats such as yyyy-MM-dd`
}

/** Whether both are times, or one is and the other can be read as one: then they are compared as times. */
export function compareMoments(a: Plain, b: Plain): number | Fault {
  const [left, right] = [momentIn(a), momentIn(b)]
  if (left.kind === 'fault') return left
  return right.kind === 'fault' ? right : left.ms - right.ms
}
