import type { AppContext, Principal } from '../http/index.ts'
import type { Result } from '../kernel/index.ts'
import type { Given } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import type { Refusal } from './refusal.ts'

const byId = new Map(endpoints.map((endpoint) => [endpoint.operation.id, endpoint]))

/**
 * Asks an operation of the Admin API without HTTP, with somebody's rights: what is checked, refused, written and
 * logged is what a request to the API would be.
 * @throws for an id that no operation has, which is a mistake in the caller
 */
export function callOperation(
  c: AppContext,
  principal: Principal,
  asked: { readonly id: string; readonly params: Readonly<Record<string, string>> } & Omit<
    Given,
    'params'
  >,
): Promise<Result<unknown, Refusal>> {
  const found = byId.get(asked.id)
  if (found === undefined) throw new Error(`no operation is called ${asked.id}`)
  const names = [...found.operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const params = Object.fromEntries(names.map((name) => [name, asked.params[name]]))
  return found.run(c, principal, { ...asked, params })
}
