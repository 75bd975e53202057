/** d3-scale brings it; it brings no types. */
declare module 'd3-interpolate' {
  type Interpolate = (a: number, b: number) => (t: number) => number
  export const interpolate: Interpolate
  export const interpolateNumber: Interpolate
  export const interpolateRound: Interpolate
  export function piecewise(
    interpolate: Interpolate,
    values: readonly number[],
  ): (t: number) => number
}
