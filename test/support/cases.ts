/**
 * How many cases a property is tried on: all of them in `npm test`, a part of them where a quick answer is
 * wanted (`npm run check` sets PROPERTY_SHARE).
 * @param all the number that `npm test` tries
 */
export function cases(all: number): number {
  return Math.ceil(all * Number(process.env['PROPERTY_SHARE'] ?? 1))
}
