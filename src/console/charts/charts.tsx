import { Table } from '../ui/index.ts'
import { barsOf, isEmpty, linesOf, type Row } from './geometry.ts'

export type Series = {
  readonly name: string
  readonly look: 'good' | 'bad' | 'main' | 'idle' | 'solid' | 'dashed' | 'dotted'
}

type ChartProps = {
  readonly title: string
  /** What the picture says, in a sentence. */
  readonly summary: string
  readonly series: readonly Series[]
  readonly rows: readonly Row[]
  /** Of the numbers, such as `ms`. */
  readonly unit?: string
}

const dashes: Readonly<Record<string, string>> = { dashed: '6 4', dotted: '1.5 4' }

/** Stacked bars by day. */
export function BarChart(props: ChartProps) {
  const { bars, ...plot } = barsOf(props.rows)
  return (
    <Figure {...props}>
      <Picture summary={props.summary} plot={plot}>
        {bars.map(({ series, ...box }) => (
          <rect class={props.series[series]?.look} {...box} />
        ))}
      </Picture>
    </Figure>
  )
}

/** Lines over days, told apart by their dashes. */
export function LineChart(props: ChartProps) {
  const { lines, ...plot } = linesOf(props.rows)
  return (
    <Figure {...props}>
      <Picture summary={props.summary} plot={plot}>
        {lines.map(({ series, path, dots }) => (
          <>
            <path
              class="line"
              d={path}
              stroke-dasharray={dashes[props.series[series]?.look ?? '']}
            />
            {dots.map(({ x, y }) => (
              <circle class="main" cx={x} cy={y} r={2.2} />
            ))}
          </>
        ))}
      </Picture>
    </Figure>
  )
}

function Picture(props: {
  readonly summary: string
  readonly plot: Omit<ReturnType<typeof barsOf>, 'bars'>
  readonly children?: unknown
}) {
  const { width, height, left, right, bottom, xTicks, yTicks } = props.plot
  return (
    <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={props.summary}>
      {yTicks.map(({ at, label }) => (
        <>
          <line class="axis" x1={left} x2={right} y1={at} y2={at} />
          <text x={left - 6} y={at + 4} text-anchor="end">
            {label}
          </text>
        </>
      ))}
      {props.children}
      {xTicks.map(({ at, label }, i) => (
        <text x={at} y={bottom + 18} text-anchor={anchor(i, xTicks.length)}>
          {label}
        </text>
      ))}
    </svg>
  )
}

/** The outer labels stay inside the picture. */
function anchor(i: number, count: number): 'start' | 'middle' | 'end' {
  if (count === 1) return 'middle'
  return i === 0 ? 'start' : i === count - 1 ? 'end' : 'middle'
}

/** An empty picture says less than its sentence. */
function EmptyFigure({ title, summary }: ChartProps) {
  return (
    <div class="figure">
      <h3>{title}</h3>
      <p class="soft small">{summary}</p>
    </div>
  )
}

/** Picture, legend, and the numbers as a table for whoever cannot see it or wants to know exactly. */
function Figure(props: ChartProps & { readonly children?: unknown }) {
  const unit = props.unit === undefined ? '' : ` ${props.unit}`
  if (isEmpty(props.rows)) return <EmptyFigure {...props} />
  return (
    <figure class="figure">
      <figcaption>
        <h3>{props.title}</h3>
        <p class="soft small">{props.summary}</p>
      </figcaption>
      {props.children}
      <ul class="legend">
        {props.series.map(({ name, look }) => (
          <li>
            <svg class="chart" viewBox="0 0 20 10" aria-hidden="true">
              {look in dashes || look === 'solid' ? (
                <path class="line" d="M0 5H20" stroke-dasharray={dashes[look]} />
              ) : (
                <rect class={look} width="10" height="10" x="5" />
              )}
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <details>
        <summary>Numbers</summary>
        <Table head={['Day', ...props.series.map(({ name }) => name)]} caption={props.title}>
          {[...props.rows].reverse().map(({ label, values }) => (
            <tr>
              <th scope="row">{label}</th>
              {values.map((value, i) => (
                <td class="number" data-label={props.series[i]?.name}>
                  {value === null ? '–' : `${value}${unit}`}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  )
}
