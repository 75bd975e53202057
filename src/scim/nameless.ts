import { isId } from '../kernel/index.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Whether a text that a client sent as an id may stand in the facts of an event, which outlive the person: an id
 * of ours or an object id. Whatever else is sent by mistake may be a name or an address.
 */
export function isNameless(text: string): boolean {
  return isId('usr', text) || isId('grp', text) || guid.test(text)
}
