import { type Fields, momentOf } from './calendar.ts'

const months =
  'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const short = (name: string) => name.slice(0, 3)

type Draft = { -readonly [Field in keyof Fields]?: number } & { afternoon?: boolean }

/** One part of a format: how it is read, and how it is written. */
type Part = {
  /** What it looks like at the beginning of the rest. */
  readonly shape: RegExp
  readonly read: (text: string, draft: Draft) => void
  readonly write: (date: Date) => string
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0')

function numeric(digits: number, field: keyof Fields, get: (date: Date) => number): Part {
  return {
    shape: digits === 1 ? /^\d{1,2}/ : new RegExp(`^\\d{${digits}}`),
    read: (text, draft) => {
      draft[field] = Number(text)
    },
    write: (date) => pad(get(date), digits),
  }
}

function named(names: readonly string[], field: 'month' | null, get: (date: Date) => number): Part {
  return {
    shape: new RegExp(`^(?:${names.join('|')})`, 'i'),
    read: (text, draft) => {
      const index = names.findIndex((name) => name.toLowerCase() === text.toLowerCase())
      if (field !== null) draft[field] = index + 1
    },
    write: (date) => names[get(date)] ?? '',
  }
}

function fraction(digits: number, isWhole: boolean): Part {
  return {
    shape: new RegExp(isWhole ? `^\\d{${digits}}` : `^\\d{0,${digits}}`),
    read: (text, draft) => {
      draft.ms = Number(text.slice(0, 3).padEnd(3, '0'))
    },
    write: (date) => {
      const text = pad(date.getUTCMilliseconds(), 3).padEnd(7, '0').slice(0, digits)
      return isWhole ? text : text.replace(/0+$/, '')
    },
  }
}

function zone(shape: RegExp, utc: string): Part {
  return {
    shape,
    read: (text, draft) => {
      const [hours = '0', minutes = '0'] = text.slice(1).split(':')
      const ahead = text === 'Z' || text === '' ? 0 : Number(hours) * 60 + Number(minutes)
      draft.offset = text.startsWith('-') ? -ahead : ahead
    },
    write: () => utc,
  }
}

function half(shape: RegExp, write: (date: Date) => string): Part {
  return {
    shape,
    read: (text, draft) => {
      draft.afternoon = text.toUpperCase().startsWith('P')
    },
    write,
  }
}

const month = (date: Date) => date.getUTCMonth()
const day = (date: Date) => date.getUTCDay()
const year = (date: Date) => date.getUTCFullYear()
const twelve = (date: Date) => date.getUTCHours() % 12 || 12
const halfOf = (date: Date) => (date.getUTCHours() < 12 ? 'AM' : 'PM')

/** .NET's custom format specifiers (learn.microsoft.com/dotnet, custom date and time format strings). */
const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['yyyy', numeric(4, 'year', year)],
  [
    'yy',
    {
      ...numeric(2, 'year', (date) => year(date) % 100),
      // As .NET: two digits mean a year from 1950 to 2049.
      read: (text, draft) => {
        draft.year = Number(text) + (Number(text) < 50 ? 2000 : 1900)
      },
    },
  ],
  ['MMMM', named(months, 'month', month)],
  ['MMM', named(months.map(short), 'month', month)],
  ['MM', numeric(2, 'month', (date) => month(date) + 1)],
  ['M', numeric(1, 'month', (date) => month(date) + 1)],
  ['dddd', named(days, null, day)],
  ['ddd', named(days.map(short), null, day)],
  ['dd', numeric(2, 'day', (date) => date.getUTCDate())],
  ['d', numeric(1, 'day', (date) => date.getUTCDate())],
  ['HH', numeric(2, 'hour', (date) => date.getUTCHours())],
  ['H', numeric(1, 'hour', (date) => date.getUTCHours())],
  ['hh', numeric(2, 'hour', twelve)],
  ['h', numeric(1, 'hour', twelve)],
  ['mm', numeric(2, 'minute', (date) => date.getUTCMinutes())],
  ['m', numeric(1, 'minute', (date) => date.getUTCMinutes())],
  ['ss', numeric(2, 'second', (date) => date.getUTCSeconds())],
  ['s', numeric(1, 'second', (date) => date.getUTCSeconds())],
  ['tt', half(/^[AP]M/i, halfOf)],
  ['t', half(/^[AP]/i, (date) => halfOf(date).slice(0, 1))],
  ['zzz', zone(/^[+-]\d{2}:\d{2}/, '+00:00')],
  ['zz', zone(/^[+-]\d{2}/, '+00')],
  ['z', zone(/^[+-]\d{1,2}/, '+0')],
  ['K', zone(/^(?:Z|[+-]\d{2}:\d{2})?/, 'Z')],
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((digits): readonly [string, Part][] => [
    ['f'.repeat(digits), fraction(digits, true)],
    ['F'.repeat(digits), fraction(digits, false)],
  ]),
])

/** A date format, cut into parts and literal texts. */
export type DateFormat = readonly (Part | string)[]

const formatLength = 100

/** Reads a .NET custom format. @returns null when it has a specifier that is unknown */
export function readFormat(format: string): DateFormat | null {
  // .NET takes a single letter for a standard format, whose meaning depends on the culture.
  if (format.length < 2 || format.length > formatLength) return null
  const found: (Part | string)[] = []
  let at = 0
  while (at < format.length) {
    const sign = format.charAt(at)
    if (sign === "'" || sign === '"') {
      const end = format.indexOf(sign, at + 1)
      if (end < 0) return null
      found.push(format.slice(at + 1, end))
      at = end + 1
    } else if (sign === '\\') {
      found.push(format.charAt(at + 1))
      at += 2
    } else if (/[yMdHhmsfFtzKg]/.test(sign)) {
      let end = at + 1
      while (format.charAt(end) === sign) end++
      const part = parts.get(format.slice(at, end))
      if (part === undefined) return null
      found.push(part)
      at = end
    } else {
      found.push(sign)
      at++
    }
  }
  return found
}

/** Writes a moment in UTC. */
export function writeMoment(ms: number, format: DateFormat): string {
  const date = new Date(ms)
  return format.map((part) => (typeof part === 'string' ? part : part.write(date))).join('')
}

/** Reads a text by a format: without a zone it is UTC, and white space at its ends counts for nothing. */
export function readMoment(text: string, format: DateFormat): number | null {
  const draft: Draft = {}
  let rest = text.trim()
  for (const part of format) {
    const match = typeof part === 'string' ? null : part.shape.exec(rest)
    const taken = typeof part === 'string' ? part : match?.[0]
    if (taken === undefined || !rest.startsWith(taken)) return null
    if (typeof part !== 'string') part.read(taken, draft)
    rest = rest.slice(taken.length)
  }
  const { year, afternoon, ...fields } = draft
  if (rest !== '' || year === undefined) return null
  const hour = fields.hour ?? 0
  if (afternoon !== undefined && (hour < 1 || hour > 12)) return null
  return momentOf({
    month: 1,
    day: 1,
    ...fields,
    year,
    hour: afternoon === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0),
  })
}
