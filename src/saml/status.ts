import { attributeOf, type XmlElement } from '../xml/index.ts'
import { childOf, childrenOf, protocolName, textOf } from './read-message.ts'
import type { StatusFailure } from './response-failure.ts'

export const successStatus = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export type Status = {
  /** StatusCode values from the outermost inwards; empty when there is not exactly one Status with a code. */
  readonly codes: readonly string[]
  readonly message: string | null
}

/** The Status of a response that passed the schema (SAML Core 3.2.2.1). */
export function readStatus(response: XmlElement): Status {
  const [status, another] = childrenOf(response, protocolName('Status'))
  if (status === undefined || another !== undefined) return { codes: [], message: null }
  const codes: string[] = []
  let code = childOf(status, protocolName('StatusCode'))
  while (code !== null) {
    codes.push(attributeOf(code, 'Value') ?? '')
    code = childOf(code, protocolName('StatusCode'))
  }
  const message = childOf(status, protocolName('StatusMessage'))
  return { codes, message: message === null ? null : textOf(message) }
}

/** Only the outermost code counts: Success inside Requester is no success (row P02). */
export function isSuccess(status: Status): boolean {
  return status.codes[0] === successStatus
}

/** A status that is not success as a failure, with what may be shown of its message picked out. */
export function statusFailure({ codes, message }: Status): StatusFailure {
  return { code: 'saml.status', statusCodes: codes, message, ...recognizeAadsts(message ?? '') }
}

/** Entra's messages begin with the code and end with the ids; nobody needs more of a stranger's text. */
const recognizedLength = 4096
const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'
const aadsts = /\bAADSTS(\d{4,8})\b/
const correlation = new RegExp(`\\bCorrelation ID: ?(${guid})\\b`, 'i')
const trace = new RegExp(`\\bTrace ID: ?(${guid})\\b`, 'i')

/**
 * Finds what an admin can look up in a StatusMessage of Entra (entra.md b6): digits and GUIDs, which are
 * all of an unverified response that a page may ever show (DESIGN 2.2).
 */
export function recognizeAadsts(
  message: string,
): Pick<StatusFailure, 'aadsts' | 'correlationId' | 'traceId'> {
  const text = message.slice(0, recognizedLength)
  return {
    aadsts: aadsts.exec(text)?.[1] ?? null,
    correlationId: correlation.exec(text)?.[1]?.toLowerCase() ?? null,
    traceId: trace.exec(text)?.[1]?.toLowerCase() ?? null,
  }
}
