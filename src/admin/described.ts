/**
 * What only the description of the API and its tests need: summaries, answers, refusals. It is written where the
 * operation is, but the Worker does without it: there `#described` is a function that does nothing
 * (wrangler.toml, tools/undescribed.ts), so whatever is given to it is not even part of the bundle.
 */
export function described<T>(make: () => T): T {
  return make()
}
