import { type AppContext, explainAadsts } from '../http/index.ts'
import { toIso } from '../kernel/index.ts'
import { type Check, checkTable, type TestReport, type TestSignInRow } from '../saml/index.ts'
import type { z } from './api.ts'
import type { checkAnswer, listedTestSignIn, testSignInDetail } from './test-sign-in-schema.ts'

type Explain = AppContext['var']['explain']
type CheckAnswer = z.input<typeof checkAnswer>
type Detail = z.input<typeof testSignInDetail>

function momentOf(ms: number | null): string | null {
  return ms === null ? null : toIso(ms)
}

/** What every answer says of a test sign-in. */
export function presentTestSignIn(row: TestSignInRow, nowMs: number) {
  const isOver = row.status === 'waiting' && row.expiresAt <= nowMs
  return {
    id: row.id,
    connection: row.connectionId,
    status: isOver ? ('expired' as const) : row.status,
    createPerson: row.createPerson,
    createdAt: toIso(row.createdAt),
    expiresAt: toIso(row.expiresAt),
    startedAt: momentOf(row.startedAt),
    finishedAt: momentOf(row.finishedAt),
  }
}

/** One of a list: with the code it ended in, without the report. */
export function presentListedTest(
  row: TestSignInRow,
  nowMs: number,
): z.input<typeof listedTestSignIn> {
  const report = row.report as TestReport | null
  return { ...presentTestSignIn(row, nowMs), code: report?.code ?? null }
}

/** With the report. */
export function presentTestDetail(row: TestSignInRow, nowMs: number, explain: Explain): Detail {
  const report = row.report as TestReport | null
  return {
    ...presentTestSignIn(row, nowMs),
    report: report === null ? null : presentReport(report, explain),
  }
}

function presentReport(report: TestReport, explain: Explain): Detail['report'] {
  const { foreseen } = report
  const { person = null } = foreseen ?? {}
  return {
    request: report.request,
    code: report.code,
    checks: presentChecks(report.checks, explain),
    entra: presentLookup(report.lookup),
    nameId: report.nameId,
    claims: report.claims.map(({ name, values }) => ({ name, values: [...values] })),
    person:
      person === null
        ? null
        : { kind: person.kind, user: person.personId, userName: person.userName, why: person.why },
    created: report.created,
    attributes: (foreseen?.attributes ?? []).map(({ value, ...rest }) => ({
      ...rest,
      value: typeof value === 'object' ? [...value] : value,
    })),
    problems: [...(foreseen?.problems ?? [])],
    groups: [...(foreseen?.groups ?? [])],
    groupsFrom: foreseen?.groupsFrom ?? null,
    groupsUnknown: foreseen?.groupsUnknown ?? false,
    roles: [...(foreseen?.roles ?? [])],
  }
}

function presentLookup(lookup: TestReport['lookup']): NonNullable<Detail['report']>['entra'] {
  if (lookup === null) return null
  const explained = lookup.aadsts === null ? null : explainAadsts(lookup.aadsts)
  return { ...lookup, person: explained?.person ?? null, admin: explained?.admin ?? null }
}

/** Checks with the words of the table and, where one failed, of the error registry. */
export function presentChecks(checks: readonly Check[], explain: Explain): CheckAnswer[] {
  return checks.flatMap(({ id, state, code, evidence }) => {
    const row = checkTable.find((each) => each.id === id)
    if (row === undefined) return []
    const words = code === null ? null : explain({ code })
    return {
      id,
      label: row.label,
      asks: row.asks,
      spec: 'spec' in row ? row.spec : null,
      state,
      code,
      means: words?.title ?? null,
      fix: words?.detail ?? null,
      evidence,
    }
  })
}
