import type { Bytes } from '../../kernel/index.ts'
import type { LoginState } from '../../session/index.ts'
import { attributeOf, parseXmlBytes } from '../../xml/index.ts'
import { childOf, childrenOf, samlName } from '../read-message.ts'

/** The start of a test sign-in, as this browser remembers it. */
export type TestLogin = LoginState & { readonly testId: string }

export function isTestLogin(login: LoginState): login is TestLogin {
  return login.testId !== null
}

/**
 * Which test sign-in of this very browser a message ends, if any. Nothing is believed of the message: it is only
 * asked which request it says it answers, and whatever it says, it leads to nothing but the report of a test that
 * this browser began, and there it is judged like any other. A message that does not say, or cannot be read, ends the
 * test when that is what this browser began last at this connection.
 * @param message null when not even the form could be read
 */
export function answeredTest(
  connectionId: string,
  message: Bytes | null,
  logins: readonly LoginState[],
): TestLogin | null {
  const here = logins.filter((login) => login.connectionId === connectionId)
  if (!here.some(isTestLogin)) return null
  const stated = message === null ? null : statedRequests(message)
  if (stated !== null && stated.length > 0) {
    const named = here.filter(({ requestId }) => stated.includes(requestId))
    // Of two different ones, it is the sign-in that refuses it.
    return named.every(isTestLogin) ? (named.find(isTestLogin) ?? null) : null
  }
  const newest = here.reduce((a, b) => (b.startedAtMs > a.startedAtMs ? b : a))
  return isTestLogin(newest) ? newest : null
}

/** Every request that an unverified message says it answers; null when it cannot be read. */
function statedRequests(message: Bytes): readonly string[] | null {
  const document = parseXmlBytes(message)
  if (!document.ok) return null
  const { root } = document.value
  const confirmed = childrenOf(root, samlName('Assertion')).flatMap((assertion) => {
    const subject = childOf(assertion, samlName('Subject'))
    const confirmations =
      subject === null ? [] : childrenOf(subject, samlName('SubjectConfirmation'))
    return confirmations.flatMap((confirmation) => {
      const data = childOf(confirmation, samlName('SubjectConfirmationData'))
      return data === null ? [] : [attributeOf(data, 'InResponseTo')]
    })
  })
  return [attributeOf(root, 'InResponseTo'), ...confirmed].filter((id) => id !== null)
}
