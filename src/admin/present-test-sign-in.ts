import type * as z from '#zod'
import { type AppContext, explainAadsts, type Principal } from '../http/index.ts'
import { toIso } from '../kernel/index.ts'
import { type Check, checkTable, type TestReport, type TestSignInRow } from '../saml/index.ts'
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

/**
 * What somebody may see of a report. Whoever holds a setup link sets the certificate of a draft, and could sign
 * whatever they like: they see what the directory knows of a person only where the link is for attributes too.
 */
export function mayShowDirectory(principal: Principal): boolean {
  return principal.kind !== 'setup-link' || principal.parts.includes('attributes')
}

type Telling = { readonly explain: Explain; readonly showsDirectory: boolean }

/** With the report. */
export function presentTestDetail(row: TestSignInRow, nowMs: number, telling: Telling): Detail {
  const report = row.report as TestReport | null
  return {
    ...presentTestSignIn(row, nowMs),
    report: report === null ? null : presentReport(report, telling),
  }
}

const ofDirectory: ReadonlySet<Check['id']> = new Set(['person', 'active', 'first_login'] as const)

function withoutDirectory(report: TestReport): TestReport {
  const checks = report.checks.map((check) =>
    ofDirectory.has(check.id) ? { ...check, evidence: {} } : check,
  )
  return { ...report, checks, foreseen: null }
}

function presentReport(
  whole: TestReport,
  { explain, showsDirectory }: Telling,
): NonNullable<Detail['report']> {
  const report = showsDirectory ? whole : withoutDirectory(whole)
  const { foreseen } = report
  const { person = null } = foreseen ?? {}
  return {
    request: report.request,
    directoryShown: showsDirectory,
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
