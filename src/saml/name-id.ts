import { limits } from '../kernel/index.ts'
import type { NameId } from './read-assertion.ts'
import type { NameIdDefect, PersonFailure } from './response-failure.ts'

const transientFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'

/** Control and format characters, and every white space but the plain one: they make twins that look alike. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u

/**
 * Whether a text can be somebody's name for good: what an admin sees is what it is (row N01). Compared by
 * code point ever after; no case, width or composition is folded.
 */
export function identifierDefect(value: string): NameIdDefect | null {
  if (value === '') return 'empty'
  if (value.length > limits.samlIdentifierLength) return 'too_long'
  if (invisible.test(value)) return 'character'
  return value.startsWith(' ') || value.endsWith(' ') ? 'edge_space' : null
}

/** A NameID that is there has to be sound, whether or not anybody is known by it. */
export function checkNameId(nameId: NameId | null): PersonFailure | null {
  const reason = nameId === null ? null : identifierDefect(nameId.value)
  return reason === null ? null : { code: 'saml.name_id', reason, got: nameId?.value ?? null }
}

/** Whether the NameID is another one at every sign-in (SAML Core 8.3.8). */
export function isTransient({ format }: NameId): boolean {
  return format === transientFormat
}
