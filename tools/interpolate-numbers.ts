/**
 * What d3-scale imports of d3-interpolate, for scales of numbers only; wrangler.toml puts it in its place, because the
 * whole brings colours, dates and shapes along, 17 KB of the bundle.
 */

type Interpolate = (a: number, b: number) => (t: number) => number

/** Between two numbers. */
export const interpolateNumber: Interpolate = (a, b) => (t) => a * (1 - t) + b * t

/** Between two numbers, in whole ones. */
export const interpolateRound: Interpolate = (a, b) => (t) => Math.round(a * (1 - t) + b * t)

export { interpolateNumber as interpolate }

/** Through several numbers, each with its equal share of the way from 0 to 1. */
export function piecewise(interpolate: Interpolate, values: readonly number[]) {
  const parts = values.slice(1).map((value, i) => interpolate(values[i] ?? value, value))
  return (t: number): number => {
    const at = Math.max(0, Math.min(parts.length - 1, Math.floor(t * parts.length)))
    return parts[at]?.(t * parts.length - at) ?? Number.NaN
  }
}
