import type { FixtureParams } from '../../support/fixtures.ts'
import { type Circumstances, login } from './verifier.ts'

/** The connection and the browser that a committed document was made for. */
export function circumstancesOf(params: FixtureParams): Circumstances {
  const { id, acsUrl, spEntityId, allowUnsolicited } = params.connection
  const { entityId, tenantId, certificates } = params.idp
  const { requestId, nowMs } = params
  const answered =
    requestId === null
      ? []
      : [{ ...login, requestId, connectionId: id, startedAtMs: nowMs - 60_000 }]
  return {
    nowMs,
    connection: {
      id,
      idp: { entityId, tenantId },
      sp: { entityId: spEntityId, acsUrl },
      keys: certificates,
      decryptKeys: params.decryptKeys,
      allowIdpInitiated: allowUnsolicited,
    },
    logins: answered,
  }
}
