import { explainAadsts, type FailOptions, type Lookup, type Remedy } from '../http/index.ts'
import type { AnyFailure } from '../kernel/index.ts'
import type { StatusFailure } from './response-failure.ts'

const whatNext: Readonly<Record<Remedy, string>> = {
  nobody: 'Please try again; if it happens twice, give your IT admin the details below.',
  person: 'If it goes on, give your IT admin the details below.',
  admin:
    'Trying again does not help before your IT admin has changed this; give them the details below.',
}

/**
 * What a page says about an identity provider that said no (`saml.status`): who has to do what, and what an
 * admin can look up. Nothing for any other failure. Of the provider's text only digits and GUIDs are shown.
 */
export function tellStatus(
  failure: AnyFailure,
): Pick<FailOptions, 'hints' | 'lookups' | 'retryIsIdle'> {
  if (!isStatus(failure)) return {}
  const { aadsts, correlationId } = failure
  const lookups: Lookup[] = []
  if (aadsts !== null) {
    // Microsoft explains every number there; the text changes, the address does not.
    const href = `https://login.microsoftonline.com/error?code=${aadsts}`
    lookups.push({ label: 'Entra error', value: `AADSTS${aadsts}`, href })
  }
  if (correlationId !== null) lookups.push({ label: 'Correlation ID', value: correlationId })
  const explained = aadsts === null ? null : explainAadsts(aadsts)
  if (explained === null) return { hints: [whatNext.nobody], lookups }
  return {
    hints: [
      `${explained.person} ${whatNext[explained.remedy]}`,
      `For your IT admin: ${explained.admin}`,
    ],
    lookups,
    retryIsIdle: explained.remedy === 'admin',
  }
}

function isStatus(failure: AnyFailure): failure is StatusFailure {
  return failure.code === 'saml.status'
}
