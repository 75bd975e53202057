import { adminErrors } from './admin/index.ts'
import { directoryErrors } from './directory/index.ts'
import { httpErrors, type Registry } from './http/index.ts'
import { samlErrors } from './saml/index.ts'
import { sessionErrors } from './session/index.ts'

/** Every code that Portico can answer with; each domain owns its own table, this only merges. */
export const registry = {
  ...httpErrors,
  ...adminErrors,
  ...directoryErrors,
  ...samlErrors,
  ...sessionErrors,
} satisfies Registry
