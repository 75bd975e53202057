import { scaleBand, scaleLinear, scalePoint } from 'd3-scale'
import { line, stack } from 'd3-shape'

/** A day and its numbers, in the order of the series; null where nothing is known. */
export type Row = { readonly label: string; readonly values: readonly (number | null)[] }

type Tick = { readonly at: number; readonly label: string }

type Plot = {
  readonly width: number
  readonly height: number
  /** Where the plot begins and ends inside the picture. */
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly yTicks: readonly Tick[]
  readonly xTicks: readonly Tick[]
}

export type Bars = Plot & {
  readonly bars: readonly {
    readonly series: number
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
}

export type Lines = Plot & {
  readonly lines: readonly {
    readonly series: number
    /** For the `d` of an SVG path; with gaps where nothing is known. */
    readonly path: string
    readonly dots: readonly { readonly x: number; readonly y: number }[]
  }[]
}

const size = { width: 480, height: 180, left: 44, right: 476, top: 10, bottom: 156 } as const
const yTickCount = 3

/** Stacked bars, one for each row, the first series at the bottom. Pure. */
export function barsOf(rows: readonly Row[]): Bars {
  const labels = rows.map(({ label }) => label)
  const seriesCount = Math.max(0, ...rows.map(({ values }) => values.length))
  const top = Math.max(1, ...rows.map(({ values }) => values.reduce<number>(plus, 0)))
  const x = scaleBand(labels, [size.left, size.right]).padding(0.25)
  const y = scaleLinear([0, top], [size.bottom, size.top]).nice(yTickCount)
  const stacked = stack<unknown, Row, number>()
    .keys(Array.from({ length: seriesCount }, (_, i) => i))
    .value(({ values }, i) => values[i] ?? 0)([...rows])
  const bars = stacked.flatMap((layer, series) =>
    layer
      .map(([from, to], i) => ({
        series,
        x: round(x(labels[i] ?? '') ?? 0),
        y: round(y(to)),
        width: round(x.bandwidth()),
        height: round(y(from) - y(to)),
      }))
      .filter(({ height }) => height > 0),
  )
  return { ...size, bars, ...ticks(rows, (label) => (x(label) ?? 0) + x.bandwidth() / 2, y) }
}

/** A line for each series over the rows. Pure. */
export function linesOf(rows: readonly Row[]): Lines {
  const labels = rows.map(({ label }) => label)
  const seriesCount = Math.max(0, ...rows.map(({ values }) => values.length))
  const top = Math.max(1, ...rows.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const x = scalePoint(labels, [size.left + 6, size.right - 6])
  const y = scaleLinear([0, top], [size.bottom, size.top]).nice(yTickCount)
  const lines = Array.from({ length: seriesCount }, (_, series) => {
    const known = (row: Row) => (row.values[series] ?? null) !== null
    const path = line<Row>(
      ({ label }) => round(x(label) ?? 0),
      ({ values }) => round(y(values[series] ?? 0)),
    ).defined(known)([...rows])
    const dots = rows
      .filter(known)
      .map(({ label, values }) => ({ x: round(x(label) ?? 0), y: round(y(values[series] ?? 0)) }))
    return { series, path: path ?? '', dots }
  })
  return { ...size, lines, ...ticks(rows, (label) => x(label) ?? 0, y) }
}

/** Whole numbers on the left, and the first, middle and last row below. */
function ticks(
  rows: readonly Row[],
  x: (label: string) => number,
  y: ReturnType<typeof scaleLinear<number, number>>,
): Pick<Plot, 'xTicks' | 'yTicks'> {
  const shown = [...new Set([0, Math.floor((rows.length - 1) / 2), rows.length - 1])]
  return {
    yTicks: y
      .ticks(yTickCount)
      .filter(Number.isInteger)
      .map((value) => ({ at: round(y(value)), label: shortNumber(value) })),
    xTicks: shown.flatMap((i) => {
      const label = rows[i]?.label
      return label === undefined ? [] : [{ at: round(x(label)), label }]
    }),
  }
}

/** Whether there is nothing to draw: no number that is not zero. */
export function isEmpty(rows: readonly Row[]): boolean {
  return rows.every(({ values }) => values.every((value) => (value ?? 0) === 0))
}

/** A number in few characters: 950, 1.2k, 35k, 2M. */
export function shortNumber(value: number): string {
  if (value < 1000) return String(value)
  const [size, unit] = value < 1_000_000 ? [1000, 'k'] : [1_000_000, 'M']
  const scaled = value / size
  return `${scaled < 10 ? Math.round(scaled * 10) / 10 : Math.round(scaled)}${unit}`
}

function plus(sum: number, value: number | null): number {
  return sum + (value ?? 0)
}

/** A tenth of a pixel is enough, and keeps the page small. */
function round(value: number): number {
  return Math.round(value * 10) / 10
}
