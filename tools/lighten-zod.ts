/**
 * Run by wrangler before it bundles the Worker (`[build]` in wrangler.toml): writes `dist/zod/`, which stands in
 * `#zod`'s place there (src/admin/zod.ts). It is zod, file by file as its package has it, so that what is not used is still
 * left out, but without what only describes schemas: the texts of its fifty languages, and everything that makes
 * JSON Schema. The description of the API is a file that is made beforehand (gen-openapi.ts), so `openapi` does nothing.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const from = 'node_modules/zod/v4'
const to = 'dist/zod'

/** Each schema refers to a maker of JSON Schema, and none calls it unless it is asked to. */
const withoutJsonSchema = `
const none = () => () => { throw new Error('The Worker makes no JSON Schema.') }
export const createToJSONSchemaMethod = none
export const createStandardJSONSchemaMethod = none
export const toJSONSchema = none
export const JSONSchemaGenerator = none
`

/** What `zod/v4/classic/external.js` lists, without `locales` and `core`, whose names nothing here uses. */
const parts = `
export * from './classic/checks.js'
export * as coerce from './classic/coerce.js'
export * from './classic/compat.js'
export * from './classic/errors.js'
export * as iso from './classic/iso.js'
export {
  ZodISODate,
  ZodISODateTime,
  ZodISODuration,
  ZodISOTime,
} from './classic/iso.js'
export * from './classic/parse.js'
export * from './classic/schemas.js'
export {
  $brand,
  $input,
  $output,
  clone,
  config,
  flattenError,
  formatError,
  globalRegistry,
  NEVER,
  prettifyError,
  regexes,
  registry,
  TimePrecision,
  treeifyError,
  util,
} from './core/index.js'
`

/** zod 4 gives each schema what it finds on this prototype. */
const entry = `
import { ZodType } from './classic/schemas.js'
export * from './parts.js'
ZodType.prototype.openapi = function openapi() { return this }
`

rmSync(to, { recursive: true, force: true })
mkdirSync(join(to, 'locales'), { recursive: true })
const isCode = (path: string) => !/\.(cjs|ts|cts)$/.test(path)
for (const folder of ['core', 'classic']) {
  cpSync(join(from, folder), join(to, folder), { recursive: true, filter: isCode })
}
cpSync(join(from, 'locales/en.js'), join(to, 'locales/en.js'))
writeFileSync(join(to, 'locales/index.js'), 'export {}\n')
for (const name of ['json-schema-generator', 'json-schema-processors', 'to-json-schema']) {
  writeFileSync(join(to, `core/${name}.js`), withoutJsonSchema)
}
writeFileSync(join(to, 'parts.js'), parts)
writeFileSync(join(to, 'index.js'), entry)
// The entry has an effect, the rest has none, as zod's own package says.
writeFileSync(
  join(to, 'package.json'),
  JSON.stringify({ type: 'module', sideEffects: ['./index.js'] }),
)
