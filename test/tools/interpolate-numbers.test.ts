import * as d3 from 'd3-interpolate'
import { describe, expect, it } from 'vitest'
import * as own from '../../tools/interpolate-numbers.ts'

describe('interpolation between numbers', () => {
  it.each([
    [0, 1],
    [10, -5],
    [3, 3],
    [0.1, 1e9],
  ])('from %d to %d is that of d3-interpolate', (a, b) => {
    for (const t of [0, 0.25, 1 / 3, 0.5, 0.99, 1]) {
      expect(own.interpolate(a, b)(t)).toBe(d3.interpolate(a, b)(t))
      expect(own.interpolateRound(a, b)(t)).toBe(d3.interpolateRound(a, b)(t))
      const values = [a, b, a + b]
      const whole = d3.piecewise(d3.interpolateNumber, values)(t)
      expect(own.piecewise(own.interpolateNumber, values)(t)).toBe(whole)
    }
  })
})
