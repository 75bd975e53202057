import type { SetupFacts } from '../../src/admin/index.ts'

/** 2026-11-24T09:00:00Z. */
export const nowMs = Date.UTC(2026, 10, 24, 9)
export const at = '2026-11-24T08:00:00.000Z'
export const later = '2026-11-24T08:30:00.000Z'

/** An organization in which nothing has been set up. */
export const nothing: SetupFacts = {
  connections: [],
  connection: null,
  provisioning: { firstLogin: true, scim: true },
  signIns: { last: null, refusedSince: 0, succeededAt: null, test: null, testPassedAt: null },
  scim: {
    tenantUrl: 'https://sso.example.com/scim/v2',
    credentials: { active: 0, expired: 0, disabled: 0 },
    lastUsedAt: null,
    refused: null,
    people: { seen: 0, lastAt: null, externalIds: { guid: 0, other: 0, none: 0 } },
  },
  attributes: { defined: [], unknown: [] },
  graph: null,
  marked: [],
}

export const connection: NonNullable<SetupFacts['connection']> = {
  id: 'con_1',
  name: 'Entra',
  status: 'draft',
  entityId: 'https://sso.example.com/saml/con_1/metadata',
  acsUrl: 'https://sso.example.com/saml/con_1/acs',
  loginUrl: 'https://sso.example.com/saml/con_1/login',
  logoutUrl: 'https://sso.example.com/saml/con_1/slo',
  idpEntityId: 'https://sts.windows.net/a1a1a1a1-0000-4000-8000-00000000000a/',
  tenantId: 'a1a1a1a1-0000-4000-8000-00000000000a',
  metadataUrl: 'https://login.microsoftonline.com/a/federationmetadata.xml?appid=b',
  createdAt: at,
  certificates: { trusted: 1, validUntil: '2029-01-01T00:00:00.000Z' },
  metadata: { checkedAt: at, failure: null, pending: false },
}

/** Facts that differ from nothing as told. */
export function facts({
  connection: changed,
  ...changes
}: Omit<Partial<{ [K in keyof SetupFacts]: unknown }>, 'connection'> & {
  connection?: Partial<NonNullable<SetupFacts['connection']>>
}): SetupFacts {
  const merged = Object.fromEntries(
    Object.entries(changes).map(([key, value]) => {
      const before = nothing[key as keyof SetupFacts]
      const isPlain = before !== null && !Array.isArray(before)
      return [key, isPlain ? { ...before, ...(value as object) } : value]
    }),
  )
  return {
    ...nothing,
    ...merged,
    connection: changed === undefined ? null : { ...connection, ...changed },
  }
}

/** Facts with people whom SCIM made. */
export function withPeople(externalIds: { guid?: number; other?: number; none?: number }) {
  const counts = { guid: 0, other: 0, none: 0, ...externalIds }
  const seen = counts.guid + counts.other + counts.none
  return {
    lastUsedAt: at,
    credentials: { active: 1, expired: 0, disabled: 0 },
    people: { seen, lastAt: at, externalIds: counts },
  }
}
