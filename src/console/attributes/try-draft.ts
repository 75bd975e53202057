import type { ConsoleRequest } from '../route.ts'
import type { PreviewAnswer, RuleAnswer } from './answers.ts'
import type { Tried } from './preview.tsx'

/** How many people a preview shows when none is named. */
const sample = 3

type Found = { readonly items: readonly { readonly id: string }[] }

/** Tries rules on whom the form names, or on the newest people. */
export async function tryDraft(
  request: ConsoleRequest,
  rules: Readonly<Record<string, RuleAnswer>>,
): Promise<Tried> {
  const person = request.form.text('person').trim()
  const chosen = person === '' ? { sample } : await named(request, person)
  if (chosen === null) return { kind: 'nobody', person }
  const body = { rules, ...chosen }
  const tried = await request.call<PreviewAnswer>('previewMapping', { body })
  if (!tried.ok) return { kind: 'wrong', problem: tried.problem }
  return tried.value.users.length === 0
    ? { kind: 'nobody', person }
    : { kind: 'tried', answer: tried.value }
}

async function named(
  request: ConsoleRequest,
  search: string,
): Promise<{ readonly users: readonly string[] } | null> {
  const found = await request.call<Found>('listUsers', { query: { search, limit: '1' } })
  const [first] = found.ok ? found.value.items : []
  return first === undefined ? null : { users: [first.id] }
}
