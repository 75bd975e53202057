import type { Problem } from '../../http/index.ts'
import type { FormFields } from '../route.ts'
import { errorOf } from '../ui/index.ts'

/** A form that came back because something was wrong with it. */
export type Sent = {
  /** Which of the page's forms. */
  readonly form: string
  readonly fields: FormFields
  readonly problem: Problem
}

/** What a form shows: what is, or what was typed where it came back. */
export type Filled = {
  readonly problem: Problem | null
  text(name: string, stored?: string): string
  ticked(name: string, stored: boolean): boolean
  /** What is wrong with a field, by the Admin API's name of it. */
  error(field: string): string | undefined
}

/** @param sent null where the page is shown for the first time */
export function filled(sent: Sent | null, form: string): Filled {
  const mine = sent?.form === form ? sent : null
  return {
    problem: mine?.problem ?? null,
    text: (name, stored = '') => (mine === null ? stored : mine.fields.text(name)),
    ticked: (name, stored) => (mine === null ? stored : mine.fields.has(name)),
    error: (field) => errorOf(mine?.problem, field),
  }
}

/** The lines of a box, without blanks and empty ones. */
export function lines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** What was typed for a number; what is none stays as it is, so that the operation says what is wrong with it. */
export function numberOr(text: string): number | string {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : text
}
