/**
 * What d3-scale needs of d3-interpolate for scales of numbers; wrangler.toml puts it in its place, because the whole
 * brings colours, dates and shapes along, 17 KB of the bundle.
 */

/** Between two numbers. */
export function interpolateNumber(a: number, b: number): (t: number) => number {
  return (t) => a * (1 - t) + b * t
}

/** Between two numbers, in whole ones. */
export function interpolateRound(a: number, b: number): (t: number) => number {
  return (t) => Math.round(a * (1 - t) + b * t)
}

export { interpolateNumber as interpolate }
