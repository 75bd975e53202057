import type { ScimFailure } from './errors.ts'

/** The failure for an id that names nothing this credential may see; the same for every reason. */
export function noSuch(type: 'User' | 'Group', id: string): ScimFailure {
  const detail = `There is no ${type} with id ${id.slice(0, 64)} for this credential. If Entra keeps asking for it, restart provisioning so that it matches again.`
  return { code: 'scim.not_found', detail }
}
