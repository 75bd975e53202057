/**
 * zod without the texts of its fifty languages, which weigh as much as the rest of it: wrangler.toml puts this module
 * in zod's place. Importing zod by its parts leaves `locales` and `core` out, whose names nothing here uses; English
 * is part of the schemas. What is listed is what `zod/v4/classic/external.js` lists.
 */
export * from '../node_modules/zod/v4/classic/checks.js'
export * as coerce from '../node_modules/zod/v4/classic/coerce.js'
export * from '../node_modules/zod/v4/classic/compat.js'
export * from '../node_modules/zod/v4/classic/errors.js'
export * as iso from '../node_modules/zod/v4/classic/iso.js'
export {
  ZodISODate,
  ZodISODateTime,
  ZodISODuration,
  ZodISOTime,
} from '../node_modules/zod/v4/classic/iso.js'
export * from '../node_modules/zod/v4/classic/parse.js'
export * from '../node_modules/zod/v4/classic/schemas.js'
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
} from '../node_modules/zod/v4/core/index.js'
export { toJSONSchema } from '../node_modules/zod/v4/core/json-schema-processors.js'
export * as z from './zod-without-languages.ts'
