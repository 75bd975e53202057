import type { CheckAnswer, TestSignInDetail } from '../../admin/index.ts'
import type { Tone } from '../ui/index.ts'

type Word = { readonly tone: Tone; readonly label: string }

/** What became of a check, in a word. */
export const stateWords: Readonly<Record<CheckAnswer['state'], Word>> = {
  pass: { tone: 'good', label: 'Pass' },
  fail: { tone: 'bad', label: 'Fail' },
  note: { tone: 'warn', label: 'Note' },
  not_reached: { tone: 'idle', label: 'Not reached' },
  not_needed: { tone: 'idle', label: 'Not needed' },
  not_judged: { tone: 'idle', label: 'Not judged' },
}

/** How far a test sign-in is, in a word. */
export const testWords: Readonly<Record<TestSignInDetail['status'], Word>> = {
  waiting: { tone: 'idle', label: 'Waiting for the tester' },
  started: { tone: 'warn', label: 'Signing in' },
  passed: { tone: 'good', label: 'Passed' },
  failed: { tone: 'bad', label: 'Failed' },
  expired: { tone: 'idle', label: 'Link expired' },
}

/** The check to look at first: the one that failed, else the first that would end an ordinary sign-in. */
export function decisive(checks: readonly CheckAnswer[]): CheckAnswer | null {
  return (
    checks.find(({ state }) => state === 'fail') ??
    checks.find(({ state }) => state === 'note') ??
    null
  )
}

/** How many passed of those that had to. */
export function tally(checks: readonly CheckAnswer[]): string {
  const counted = checks.filter(({ state }) => state !== 'not_needed' && state !== 'not_judged')
  const passed = counted.filter(({ state }) => state === 'pass' || state === 'note')
  return `${passed.length} of ${counted.length} checks passed`
}

/** A claim by the last part of its URI, which is what an admin calls it. */
export function shortClaim(name: string): string {
  return /^https?:\/\//.test(name) ? name.slice(name.lastIndexOf('/') + 1) || name : name
}
