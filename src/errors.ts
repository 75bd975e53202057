import { adminErrors } from './admin/index.ts'
import { consoleErrors } from './console/errors.ts'
import { directoryErrors } from './directory/index.ts'
import { graphErrors } from './graph/errors.ts'
import { httpErrors, type Registry } from './http/index.ts'
import { reconcileErrors } from './reconcile/index.ts'
import { doorErrors, samlErrors } from './saml/index.ts'
import { oauthErrors, scimErrors } from './scim/index.ts'
import { sessionErrors } from './session/index.ts'
import { xmlErrors } from './xml/index.ts'
import { dsigErrors } from './xmldsig/index.ts'
import { xmlencErrors } from './xmlenc/index.ts'

/** Every code that Portico can answer with; each domain owns its own table, this only merges. */
export const registry = {
  ...httpErrors,
  ...adminErrors,
  ...directoryErrors,
  ...xmlErrors,
  ...dsigErrors,
  ...xmlencErrors,
  ...samlErrors,
  ...doorErrors,
  ...sessionErrors,
  ...scimErrors,
  ...oauthErrors,
  ...graphErrors,
  ...reconcileErrors,
  ...consoleErrors,
} satisfies Registry
