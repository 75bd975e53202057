import { type Err, err } from '../kernel/index.ts'
import type { XmlDefect, XmlLimit, XmlRefusal } from './errors.ts'

/** A refusal on its way to the reader, which adds the place. */
export type Fault = XmlRefusal & { readonly at: number }

export function fault(at: number, code: PlainCode): Err<Fault> {
  return err({ code, at })
}

export function malformed(at: number, reason: XmlDefect): Err<Fault> {
  return err({ code: 'xml.not_well_formed', reason, at })
}

export function beyond(at: number, limit: XmlLimit, max: number): Err<Fault> {
  return err({ code: 'xml.limit', limit, max, at })
}

type PlainCode = Exclude<XmlRefusal['code'], 'xml.not_well_formed' | 'xml.limit'>
