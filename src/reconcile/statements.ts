import {
  type DeltaPage,
  type GraphUser,
  graphStatements,
  isDisabled,
  isGuest,
} from '../graph/index.ts'
import type { GraphState, GraphStatement } from './plan-types.ts'

/** What everything that one request reads has in common. */
export type Reading = {
  /** Graph names that are watched. */
  readonly names: readonly string[]
  readonly isWhole: boolean
  /** When the request was sent. */
  readonly at: number
  /** When the first request of the whole read was. */
  readonly startedAt: number
}

/** What is read of every user beside what the mapping reads: who they are, and since when. */
const always = ['userPrincipalName', 'createdDateTime', 'accountEnabled', 'userType']

/** The names that a read watches, in a fixed order, so that two reads of the same are known to be. */
export function watchedNames(mapped: readonly string[]): readonly string[] {
  return [...new Set([...always, ...mapped])].toSorted()
}

/** What a page of a delta states (reference c2). */
export function deltaStatements(page: DeltaPage, reading: Reading): readonly GraphStatement[] {
  return [
    ...page.users.map((user) => userStatement(user, reading)),
    ...page.removed.map(({ id, reason }) => ({
      ...silent(id, reading),
      state: reason === 'deleted' ? ('gone' as const) : ('deleted' as const),
    })),
  ]
}

/** What a user states who was read. */
export function userStatement(user: GraphUser, reading: Reading): GraphStatement {
  const { names, isWhole } = reading
  const disabled = isDisabled(user)
  return {
    ...silent(user.id, reading),
    state: disabled === null ? null : disabled ? 'disabled' : 'enabled',
    stated: graphStatements(user, { names, isWhole }),
    isWhole,
    isGuest: isGuest(user),
  }
}

/** What is known of a user of whom a read only says where they stand. */
export function stateStatement(
  objectId: string,
  { state, isLacked, reading }: { state: GraphState | null; isLacked: boolean; reading: Reading },
): GraphStatement {
  return { ...silent(objectId, reading), state, isLacked }
}

/** Says nothing yet; the assignment is added once it is known what is stored (commit-page.ts). */
function silent(objectId: string, reading: Reading): GraphStatement {
  return {
    objectId,
    state: null,
    isLacked: false,
    assigned: null,
    appRoles: null,
    stated: new Map(),
    isWhole: false,
    isGuest: false,
    at: reading.at,
    startedAt: reading.startedAt,
  }
}
