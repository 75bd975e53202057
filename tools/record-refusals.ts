/** Runs before each file of tests when `tools/mutate.ts` records: notes in every test which guards refused. */
import { afterEach } from 'vitest'

const refused = new Set<number>()

/** @param passes the value that a guard has when it does not refuse */
function tellRefusal<T>(id: number, passes: boolean, value: T): T {
  if (Boolean(value) !== passes) refused.add(id)
  return value
}

Object.assign(globalThis, { tellRefusal })

afterEach(({ task }) => {
  Object.assign(task.meta, { refused: [...refused] })
  refused.clear()
})
