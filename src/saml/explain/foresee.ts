import {
  type Admission,
  attributeProblems,
  type DirectoryFailure,
  groupsClaim,
  mergeView,
  resolve,
  rolesClaim,
  type SourceView,
} from '../../directory/index.ts'
import type { Result } from '../../kernel/index.ts'
import { accessOf, notProvisioned, type Provisioned } from '../../session/index.ts'
import { groupsOf, rolesOf } from '../entra-claims.ts'
import { evidenceOf } from '../evidence.ts'
import type { OpenConnection } from '../open-connection.ts'
import { isTester, statedBy, testerNames } from '../subject.ts'
import type { ValidatedAssertion } from '../validated-assertion.ts'
import { type CheckId, checkOf } from './check-table.ts'
import type { Check } from './explain-response.ts'
import type { Foreseen, PersonShown } from './report.ts'

/** A response that verified, and what the directory says to it. */
export type Judged = {
  readonly open: OpenConnection
  readonly assertion: ValidatedAssertion
  readonly admitted: Result<Admission, DirectoryFailure>
  /** Source views of whoever is meant; none of somebody new. */
  readonly views: readonly SourceView[]
  /** What provisioning says of their groups. */
  readonly provisioned: Provisioned | null
  readonly nowMs: number
}

/** The checks that follow those of the response itself, in the order of the pipeline, but for the last. Pure. */
export function personChecks({ open, assertion, admitted }: Judged): readonly Check[] {
  const failed = admitted.ok ? null : checkOf(admitted.failure)
  const tester = testerCheck(open, assertion)
  const order = ['person', 'active', 'first_login'] as const
  const end = failed === null ? order.length : [...order].map(String).indexOf(failed)
  return [
    tester,
    ...order.map((id, i): Check => {
      if (i > end) return { id, state: 'not_reached', code: null, evidence: {} }
      if (i < end || admitted.ok) return passed(id, admitted)
      const { failure } = admitted
      return { id, state: 'fail', code: failure.code, evidence: evidenceOf(failure) }
    }),
  ]
}

function testerCheck(open: OpenConnection, assertion: ValidatedAssertion): Check {
  const { status } = open.record.connection
  const evidence = { status, ...evidenceOf({ code: '', ...testerNames(assertion) }) }
  const check = { id: 'tester', evidence } as const
  switch (status) {
    case 'active':
      return { ...check, state: 'not_needed', code: null }
    case 'testing':
      return isTester(assertion, open)
        ? { ...check, state: 'pass', code: null }
        : { ...check, state: 'note', code: 'saml.being_tested' }
    default:
      // A draft lets in nobody, whoever they are.
      return { ...check, state: 'note', code: 'saml.connection_unusable' }
  }
}

function passed(id: CheckId, admitted: Judged['admitted']): Check {
  const admission = admitted.ok ? admitted.value : null
  const isNew = admission === null || admission.kind === 'create'
  if (id === 'first_login') {
    const evidence = { 'first login': 'on' }
    return admission?.kind === 'create'
      ? { id, state: 'pass', code: null, evidence }
      : { id, state: 'not_needed', code: null, evidence: {} }
  }
  if (id === 'active' && isNew) return { id, state: 'not_needed', code: null, evidence: {} }
  const evidence =
    admission === null || id !== 'person' ? {} : evidenceOf({ code: '', ...showPerson(admission) })
  return { id, state: 'pass', code: null, evidence }
}

const whys = {
  known: 'Known for good by this identity, since an earlier sign-in or a read of the directory.',
  bind: 'Made by provisioning under this name and nobody’s yet: the first sign-in binds them for good.',
  create: 'Nobody is known by this identity or name: the first sign-in would make them.',
} as const

function showPerson(admission: Admission): PersonShown {
  const why = whys[admission.kind]
  if (admission.kind === 'create') {
    return { kind: 'create', personId: null, userName: admission.userName, why }
  }
  const { id, userName } = admission.person
  const rename = admission.kind === 'known' ? admission.rename : null
  return { kind: admission.kind, personId: id, userName: rename ?? userName, why }
}

/**
 * What the sign-in would come to: the profile by the rules of the connection, groups and roles, without writing
 * anything. Pure. Of somebody who would be refused, it is what the sign-in alone says.
 */
export function foresee(judged: Judged): Foreseen {
  const { open, assertion, admitted, provisioned, nowMs } = judged
  const { definitions, mapping } = open.ruleset
  const before = judged.views.find(({ source }) => source === 'saml') ?? null
  const stated = statedBy(assertion, open)
  const groups = groupsOf(assertion.claims)
  const isOverage = groups.kind === 'overage'
  // As a sign-in does it: lists are replaced whole, unless they could not be said.
  const replaced = isOverage ? [rolesClaim] : [groupsClaim, rolesClaim]
  const view = mergeView(before, { source: 'saml', at: nowMs, stated }, { replaced })
  const views = [...judged.views.filter(({ source }) => source !== 'saml'), view]
  const { profile, provenance } = resolve(definitions, mapping, views)
  const access = accessOf(
    open.record.organization,
    { groups: view.attributes[groupsClaim]?.values ?? [] },
    withRoles(provisioned ?? notProvisioned, { names: rolesOf(assertion.claims), at: nowMs }),
  )
  return {
    person: admitted.ok ? showPerson(admitted.value) : null,
    attributes: Object.entries(profile).map(([key, value]) => ({
      key,
      value,
      source: provenance[key]?.source ?? null,
      rule: provenance[key]?.rule ?? null,
    })),
    problems: attributeProblems(definitions, mapping, views).map(({ key, kind, message }) => ({
      key,
      why: message ?? kind.replaceAll('_', ' '),
    })),
    groups: access.groups,
    groupsUnknown: isOverage && access.groupsFrom === 'saml',
    groupsFrom: access.groupsFrom,
    roles: access.roles,
  }
}

/** With this sign-in as the last one. */
function withRoles(
  provisioned: Provisioned,
  signIn: { readonly names: readonly string[]; readonly at: number },
): Provisioned {
  return { ...provisioned, appRoles: { ...provisioned.appRoles, signIn } }
}
