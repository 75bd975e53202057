import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barsOf, isEmpty, linesOf, shortNumber } from '../../../src/console/charts/geometry.ts'

const labels = ['1 Nov', '2 Nov', '3 Nov']

function rowsOf(...values: (readonly (number | null)[])[]) {
  return values.map((one, i) => ({ label: labels[i] ?? String(i), values: one }))
}

describe('stacked bars', () => {
  it('stand on the axis and on each other, as high as their numbers', () => {
    const { bars, bottom, top } = barsOf(rowsOf([6, 4], [5, 0], [0, 0]))
    expect(bars.map(({ series }) => series)).toEqual([0, 0, 1])
    const [first, second, above] = bars
    const unit = (bottom - top) / 10
    expect(first?.height).toBeCloseTo(6 * unit, 0)
    expect((first?.y ?? 0) + (first?.height ?? 0)).toBe(bottom)
    expect(second?.height).toBeCloseTo(5 * unit, 0)
    expect(above).toMatchObject({ x: first?.x, width: first?.width, y: top })
    expect((above?.y ?? 0) + (above?.height ?? 0)).toBeCloseTo(first?.y ?? 0, 0)
  })

  it('are none where nothing happened, over an axis that still has numbers', () => {
    const { bars, yTicks, xTicks } = barsOf(rowsOf([0], [0], [0]))
    expect(bars).toEqual([])
    expect(yTicks.map(({ label }) => label)).toEqual(['0', '1'])
    expect(xTicks.map(({ label }) => label)).toEqual(labels)
  })

  it('of no rows at all are an empty picture', () => {
    expect(barsOf([])).toMatchObject({ bars: [], xTicks: [] })
    expect(linesOf([])).toMatchObject({ lines: [], xTicks: [] })
  })

  it('name the first, middle and last of many rows', () => {
    const many = Array.from({ length: 90 }, (_, i) => ({ label: `day ${i}`, values: [i] }))
    expect(barsOf(many).xTicks.map(({ label }) => label)).toEqual(['day 0', 'day 44', 'day 89'])
  })

  it('stay inside the picture, whatever the numbers', () => {
    const numbers = fc.array(fc.tuple(fc.nat(2_000_000), fc.nat(1000)), { maxLength: 90 })
    fc.assert(
      fc.property(numbers, (values) => {
        const rows = values.map((one, i) => ({ label: String(i), values: one }))
        const { bars, left, right, top, bottom } = barsOf(rows)
        return bars.every(
          ({ x, y, width, height }) =>
            x >= left && x + width <= right + 0.2 && y >= top && y + height <= bottom + 0.2,
        )
      }),
    )
  })
})

describe('lines', () => {
  it('have a gap where nothing is known, and a dot for each known value', () => {
    const { lines } = linesOf(rowsOf([10, 20], [null, null], [30, 40]))
    expect(lines).toHaveLength(2)
    expect(lines[0]?.path.match(/M/g)).toHaveLength(2)
    expect(lines[0]?.dots).toHaveLength(2)
  })

  it('are higher for what is more', () => {
    const { lines } = linesOf(rowsOf([10, 20], [10, 30], [10, 40]))
    const [low, high] = lines
    const ys = high?.dots.map(({ y }) => y) ?? []
    expect(ys).toEqual([...ys].sort((a, b) => b - a))
    expect(Math.max(...ys)).toBeLessThan(Math.min(...(low?.dots.map(({ y }) => y) ?? [])))
  })

  it('of nothing known are no lines', () => {
    const { lines } = linesOf(rowsOf([null], [null]))
    expect(lines).toEqual([{ series: 0, path: '', dots: [] }])
  })
})

describe('nothing to draw', () => {
  it('is where all is zero or unknown', () => {
    expect([isEmpty([]), isEmpty(rowsOf([0, null], [0, 0]))]).toEqual([true, true])
    expect(isEmpty(rowsOf([0, null], [0, 1]))).toBe(false)
  })
})

describe('short numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1250, '1.3k'],
    [35_400, '35k'],
    [2_000_000, '2M'],
  ])('%d is %s', (value, text) => {
    expect(shortNumber(value)).toBe(text)
  })
})
