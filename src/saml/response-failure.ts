import type { XmlFailure } from '../xml/index.ts'
import type { DsigFailure } from '../xmldsig/index.ts'
import type { XmlencFailure } from '../xmlenc/index.ts'

/** The form around a response (SAML Bindings 3.5), before anything of it is parsed. */
export type TransportFailure =
  | { readonly code: 'saml.body_too_large'; readonly maxBytes: number }
  | { readonly code: 'saml.bad_binding'; readonly reason: string; readonly got?: string }
  | { readonly code: 'saml.ambiguous_parameter'; readonly name: string }
  | { readonly code: 'saml.bad_base64'; readonly parameter: string }

export type SchemaDefect =
  | 'root'
  | 'unexpected_child'
  | 'repeated_child'
  | 'unexpected_attribute'
  | 'missing_attribute'
  | 'bad_attribute'
  | 'text'
  | 'child_in_text'

export type SchemaFailure = {
  readonly code: 'saml.schema'
  /** Local name of the element whose content or attribute it is. */
  readonly element: string
  readonly defect: SchemaDefect
  readonly got: string
}

/** The document as a whole: what it consists of and what of it is signed. */
export type StructureFailure =
  | SchemaFailure
  | { readonly code: 'saml.assertion_count'; readonly got: number }
  | { readonly code: 'saml.duplicate_id'; readonly id: string }
  | { readonly code: 'saml.unsigned' }
  | {
      readonly code: 'saml.decrypt_failed'
      readonly detail: 'plaintext'
      /** The code of what the strict reader or the schema found inside. */
      readonly cause: string
    }
  | { readonly code: 'saml.unsupported'; readonly what: string }

/** Evidence of the commonest kind: what had to be there, and what was. */
type Differs<Code extends string> = {
  readonly code: Code
  /** Which part of the message. */
  readonly of: string
  readonly expected: string
  readonly got: string | readonly string[] | null
}

export type TimeFailure =
  | { readonly code: 'saml.bad_time'; readonly of: string; readonly got: string }
  | Differs<'saml.issue_instant'>
  | Differs<'saml.not_yet_valid'>
  | Differs<'saml.expired'>

export type StatusFailure = {
  readonly code: 'saml.status'
  /** StatusCode values from the outermost inwards; empty when there is not exactly one. */
  readonly statusCodes: readonly string[]
  /** A stranger's text unless the response is signed: for the event log, never for a page. */
  readonly message: string | null
  /** Digits after `AADSTS`, which may be shown. */
  readonly aadsts: string | null
  readonly correlationId: string | null
  readonly traceId: string | null
}

/** One judgement of the protocol each (SAML Profiles 4.1.4). */
export type ProtocolFailure =
  | TimeFailure
  | StatusFailure
  | Differs<'saml.destination'>
  | Differs<'saml.issuer'>
  | Differs<'saml.tenant_mismatch'>
  | Differs<'saml.audience'>
  | Differs<'saml.subject_confirmation'>
  | {
      readonly code: 'saml.in_response_to'
      readonly reason: RequestDefect
      readonly got: string | null
    }
  | Differs<'saml.authn'>
  | { readonly code: 'saml.unsolicited' }
  | { readonly code: 'saml.browser_binding'; readonly inResponseTo: string }
  | { readonly code: 'saml.condition'; readonly got: string }

/** Who the assertion speaks of, and what it says. */
export type PersonFailure =
  | { readonly code: 'saml.name_id'; readonly reason: NameIdDefect; readonly got: string | null }
  | { readonly code: 'saml.identity'; readonly claim: string; readonly got: string | null }
  | Differs<'saml.tenant_mismatch'>
  | { readonly code: 'saml.scope'; readonly claim: string; readonly got: string }
  | {
      readonly code: 'saml.attribute_ambiguous'
      readonly name: string
      readonly attributes: number
      readonly values: number
    }
  | { readonly code: 'saml.limit'; readonly of: string; readonly max: number }

export type RequestDefect =
  /** No request that this browser has open has this id. */
  | 'unknown'
  /** It has, and took too long. */
  | 'expired'
  /** It has, and sent it to another connection's provider. */
  | 'other_connection'
  /** The Response states another request than what is signed. */
  | 'response_differs'
  /** The Response states a request, and what is signed states none. */
  | 'unsigned_only'

export type NameIdDefect =
  | 'absent'
  | 'empty'
  | 'edge_space'
  | 'character'
  | 'too_long'
  | 'transient'

/** The connection and its keys. */
export type ConnectionFailure =
  | { readonly code: 'saml.connection_unusable'; readonly reason: 'status' | 'no_keys' }
  | {
      readonly code: 'saml.certificate_expired' | 'saml.certificate_not_yet_valid'
      readonly keyId: string
      readonly notBefore: string
      readonly notAfter: string
    }

/** Already used: known only to the one atomic insert that consumes an assertion. */
export type ReplayFailure = { readonly code: 'saml.replayed'; readonly assertionId: string }

/** Everything of our own that can be wrong with a response. */
export type ResponseFailure =
  | TransportFailure
  | StructureFailure
  | ProtocolFailure
  | PersonFailure
  | ConnectionFailure
  | ReplayFailure

/** Everything that can be wrong with a response, readers and cryptography included. */
export type AnyResponseFailure = ResponseFailure | XmlFailure | DsigFailure | XmlencFailure
