/**
 * What stands in @hono/zod-openapi's place in the Worker (wrangler.toml): zod with an `openapi` that does nothing. The
 * description of the API is made when Portico is built (tools/gen-openapi.ts) and served as a file, so the Worker
 * needs neither the library that makes it, 37 KB of the bundle, nor what it is made of.
 */
import { ZodType } from './zod-without-languages.ts'

export { z } from './zod-without-languages.ts'

// zod 4 gives each schema what it finds on this prototype.
const shared: { openapi?: () => unknown } = ZodType.prototype as object
shared.openapi = function openapi(this: unknown) {
  return this
}
