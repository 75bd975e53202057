import type { ProvisionedUser } from '../../directory/index.ts'
import { ok, type Result } from '../../kernel/index.ts'
import type { ScimFailure } from '../errors.ts'
import { isSame } from './json.ts'
import { parseUser, type UserInput } from './parse-user.ts'
import { namesGone } from './stated-blanks.ts'

type Current = Pick<ProvisionedUser, 'userName' | 'externalId' | 'active' | 'view'>

/**
 * Reads the user of a PUT, against the user that it replaces. What the request leaves out is cleared
 * (RFC 7644 3.5.1), and stated as blank so that no mapping keeps what nobody reads any more. Without `active`
 * it stays: nobody who leaves it out means to let somebody in again.
 * @returns what parseUser does; `changed` is false when the user reads as before
 */
export function replaceUser(
  current: Current,
  body: unknown,
): Result<UserInput & { readonly active: boolean; readonly changed: boolean }, ScimFailure> {
  const parsed = parseUser(body, current.view)
  if (!parsed.ok) return parsed
  const { userName, externalId, view } = parsed.value
  const active = parsed.value.active ?? current.active
  const gone = namesGone(asDocument(current), asDocument(parsed.value))
  const after = { userName, externalId, active, view }
  return ok({
    ...parsed.value,
    active,
    blanks: [...new Set([...parsed.value.blanks, ...gone])],
    changed: !isSame(after, {
      userName: current.userName,
      externalId: current.externalId,
      active: current.active,
      view: current.view,
    }),
  })
}

function asDocument({ externalId, view }: Pick<Current, 'externalId' | 'view'>) {
  return { ...(externalId === null ? {} : { externalId }), ...view }
}
