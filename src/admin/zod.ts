// Gives schemas their `openapi`.
import '@hono/zod-openapi'

/**
 * zod as this folder uses it: `import * as z from '#zod'`, so that the bundle leaves out what nobody names. In the
 * Worker another file stands in its place, whose `openapi` does nothing (tools/lighten-zod.ts).
 */
export * from 'zod'
