import type { StoredCheck } from '../graph/index.ts'
import type { Config } from '../http/index.ts'
import { toIso } from '../kernel/index.ts'
import { spUrls } from '../saml/index.ts'
import { presentGraphCheck } from './present-graph.ts'
import { tenantUrl } from './present-scim.ts'
import type { SetupFacts } from './setup-schema.ts'
import type { SetupRows } from './setup-store.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

type Organization = { readonly firstLogin: boolean; readonly scim: boolean }

/** The facts that the set-up guide judges, of one connection. Values of people are counted, not shown. */
export function presentSetup(
  rows: SetupRows,
  {
    config,
    nowMs,
    organization,
    connectionId,
  }: { config: Config; nowMs: number; organization: Organization; connectionId: string | null },
): SetupFacts {
  const { marked, refused, attributes } = rows
  const row =
    connectionId === null
      ? rows.connections[0]
      : rows.connections.find(({ id }) => id === connectionId)
  const sent = new Set(rows.sample.flatMap(sentKeys))
  return {
    connections: rows.connections.map(({ id, name, status }) => ({ id, name, status })),
    connection: row === undefined ? null : presentConnectionFacts(row, rows, { config, nowMs }),
    provisioning: { firstLogin: organization.firstLogin, scim: organization.scim },
    signIns: presentSignIns(rows, nowMs),
    scim: {
      tenantUrl: tenantUrl(config.publicUrl),
      credentials: countCredentials(rows.tokens, nowMs),
      lastUsedAt: latest(rows.tokens.map(({ lastUsedAt }) => lastUsedAt)),
      refused: refused === null ? null : { at: toIso(refused.at), code: refused.code },
      people: {
        seen: rows.sample.length,
        lastAt: latest(rows.sample.map(({ scimAt }) => scimAt)),
        externalIds: countExternalIds(rows.sample),
      },
    },
    attributes: {
      defined: attributes.map(({ key, keyFolded, label }) => ({
        key,
        label,
        seen: sent.has(keyFolded),
      })),
      unknown: [...sent].filter((key) => !attributes.some(({ keyFolded }) => keyFolded === key)),
    },
    graph: presentGraph(rows.graph),
    marked: marked.map(({ step, doneAt, actor }) => ({ step, doneAt: toIso(doneAt), actor })),
  }
}

function presentConnectionFacts(
  row: SetupRows['connections'][number],
  { certificates, refresh }: SetupRows,
  { config, nowMs }: { config: Config; nowMs: number },
): NonNullable<SetupFacts['connection']> {
  const urls = spUrls(config.publicUrl, row.id)
  const trusted = certificates.filter(
    ({ notBefore, notAfter, retiredAt }) =>
      retiredAt === null && notBefore <= nowMs && notAfter > nowMs,
  )
  const failure = refresh?.failure?.['code']
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    entityId: urls.entityId,
    acsUrl: urls.acsUrl,
    loginUrl: urls.loginUrl,
    logoutUrl: urls.sloUrl,
    idpEntityId: row.idpEntityId,
    tenantId: row.tenantId,
    metadataUrl: row.metadataUrl,
    createdAt: toIso(row.createdAt),
    certificates: {
      trusted: trusted.length,
      validUntil: latest(trusted.map(({ notAfter }) => notAfter)),
    },
    metadata: {
      checkedAt: latest([refresh?.checkedAt ?? null]),
      failure: typeof failure === 'string' ? failure : null,
      pending: (refresh?.pending ?? null) !== null,
    },
  }
}

function presentSignIns({ signIns, tests }: SetupRows, nowMs: number): SetupFacts['signIns'] {
  const [last] = signIns
  const [test] = tests
  const good = signIns.findIndex(({ outcome }) => outcome === 'success')
  return {
    last:
      last === undefined
        ? null
        : {
            at: toIso(last.at),
            outcome: last.outcome,
            code: last.code,
            isSigned: last.actor !== 'stranger',
          },
    refusedSince: good === -1 ? signIns.length : good,
    succeededAt: latest([signIns[good]?.at ?? null]),
    test: test === undefined ? null : presentTest(test, nowMs),
    testPassedAt: latest(tests.map((one) => (one.status === 'passed' ? one.finishedAt : null))),
  }
}

type TestRow = SetupRows['tests'][number]

function presentTest(test: TestRow, nowMs: number): SetupFacts['signIns']['test'] {
  const isOver = test.finishedAt === null && test.expiresAt <= nowMs
  return {
    id: test.id,
    status: isOver ? 'expired' : test.status,
    at: toIso(test.finishedAt ?? test.createdAt),
    code: test.code,
  }
}

/** Tokens that an admin made; those of /oauth/token come and go by themselves and prove that a client works. */
function countCredentials(
  tokens: SetupRows['tokens'],
  nowMs: number,
): SetupFacts['scim']['credentials'] {
  const counts = { active: 0, expired: 0, disabled: 0 }
  for (const { clientId, expiresAt, disabledAt } of tokens) {
    const isExpired = expiresAt !== null && expiresAt <= nowMs
    if (isExpired && clientId !== null) continue
    counts[isExpired ? 'expired' : disabledAt !== null ? 'disabled' : 'active'] += 1
  }
  return counts
}

function countExternalIds(
  sample: SetupRows['sample'],
): SetupFacts['scim']['people']['externalIds'] {
  const counts = { guid: 0, other: 0, none: 0 }
  for (const { externalId } of sample) {
    counts[externalId === null ? 'none' : guid.test(externalId) ? 'guid' : 'other'] += 1
  }
  return counts
}

function sentKeys({ keys }: SetupRows['sample'][number]): readonly string[] {
  const list: unknown = keys === null ? [] : JSON.parse(keys)
  return Array.isArray(list) ? list.map((key) => String(key).toLowerCase()) : []
}

function presentGraph(row: SetupRows['graph']): SetupFacts['graph'] {
  if (row === null) return null
  const { checkedAt, checked } = row
  const check =
    checkedAt === null || checked === null
      ? null
      : presentGraphCheck(checked as StoredCheck, checkedAt)
  return {
    clientId: row.clientId,
    kind: row.kind,
    expiresAt: latest([row.expiresAt]),
    checkedAt: latest([checkedAt]),
    isGood: check?.ok === true,
    problem: check?.problems[0]?.message ?? null,
  }
}

/** The latest of some moments, or null. */
function latest(moments: readonly (number | null)[]): string | null {
  const known = moments.filter((at) => at !== null)
  return known.length === 0 ? null : toIso(Math.max(...known))
}
