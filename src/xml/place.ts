import { printable } from '../kernel/index.ts'
import type { XmlPlace } from './errors.ts'

/** Describes an offset for the event log: where it is and what stands around it. */
export function placeOf(text: string, offset: number, steps: number): XmlPlace {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const around = text.slice(Math.max(0, offset - 16), offset + 32).toWellFormed()
  return {
    offset,
    line,
    column: offset - before.lastIndexOf('\n'),
    excerpt: printable(around),
    steps,
  }
}
