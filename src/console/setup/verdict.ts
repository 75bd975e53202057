import type { SetupFacts } from '../../admin/index.ts'
import { parseUtcTime } from '../../kernel/index.ts'
import type { StepKey } from './guide.ts'

export type State = 'done' | 'waiting' | 'todo' | 'problem'

/** What a live check found: `waiting` means that it is the provider's turn, `todo` the admin's. */
export type Verdict = {
  readonly state: State
  readonly said: string
  /** Since when, ISO 8601. */
  readonly at: string | null
  /** The code of the error page that explains it further. */
  readonly code: string | null
}

/** One live check: the facts and the present moment decide. */
export type Check = (facts: SetupFacts, nowMs: number) => Verdict

function verdict(
  state: State,
  said: string,
  at: string | null = null,
  code: string | null = null,
): Verdict {
  return { state, said, at, code }
}

export const done = (said: string, at: string | null = null) => verdict('done', said, at)
export const todo = (said: string) => verdict('todo', said)
export const waiting = (said: string, at: string | null = null) => verdict('waiting', said, at)
export const problem = (said: string, at: string | null = null, code: string | null = null) =>
  verdict('problem', said, at, code)

/** What somebody said by hand of a step; null when nobody did. */
export function marked(
  key: StepKey,
  facts: SetupFacts,
  said = 'Marked as done by hand.',
): Verdict | null {
  const mark = facts.marked.find(({ step }) => step === key)
  return mark === undefined ? null : done(said, mark.doneAt)
}

/** A moment as milliseconds since the epoch, for comparing. */
export function msOf(at: string | null): number | null {
  return at === null ? null : parseUtcTime(at)
}
