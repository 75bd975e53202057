import { checkAudience, checkDestination, checkIssuers } from './check-addressee.ts'
import { checkConfirmation, checkRequest } from './check-subject.ts'
import { checkAuthn, checkIssueInstants, checkValidity } from './check-times.ts'
import type { Facts, Judge } from './facts.ts'
import type { ProtocolFailure } from './response-failure.ts'

export type Check = {
  readonly name: string
  /** The rule it enforces. */
  readonly spec: string
  readonly judge: Judge
}

/** In this order, which is part of the contract: the first one that fails is what the refusal says. */
const responseChecks: readonly Check[] = [
  { name: 'issue instants', spec: 'SAML Core 2.3.3, 3.2.2', judge: checkIssueInstants },
  { name: 'destination', spec: 'SAML Bindings 3.5.5.2', judge: checkDestination },
  { name: 'issuer', spec: 'SAML Profiles 4.1.4.2', judge: checkIssuers },
  { name: 'audience', spec: 'SAML Core 2.5.1.4', judge: checkAudience },
  { name: 'validity', spec: 'SAML Core 2.5.1.2', judge: checkValidity },
  { name: 'subject confirmation', spec: 'SAML Profiles 4.1.4.3', judge: checkConfirmation },
  { name: 'request', spec: 'SAML Profiles 4.1.4.3, 4.1.5', judge: checkRequest },
  { name: 'authentication', spec: 'SAML Core 2.7.2', judge: checkAuthn },
  { name: 'conditions', spec: 'SAML Core 2.5.1.1', judge: checkConditions },
]

/** A condition that is not understood makes the assertion worth nothing, whatever else it says (row P14). */
function checkConditions({ assertion }: Facts): ProtocolFailure | null {
  const [unknown] = assertion.conditions?.unknown ?? []
  return unknown === undefined ? null : { code: 'saml.condition', got: unknown }
}

/** The first failure of the checks, or null when all pass. */
export function checkFacts(facts: Facts): ProtocolFailure | null {
  for (const { judge } of responseChecks) {
    const failure = judge(facts)
    if (failure !== null) return failure
  }
  return null
}
