import { type SealedTable, tables } from '../db/index.ts'
import { connectionKeyPlace } from './open-connection.ts'

const { connectionKeys } = tables

/** The private keys of connections, for housekeeping to encrypt anew. */
export const sealedConnectionKeys: SealedTable = {
  table: connectionKeys,
  id: connectionKeys.id,
  sealed: connectionKeys.privateKeySealed,
  organization: connectionKeys.organizationId,
  place: connectionKeyPlace,
}
