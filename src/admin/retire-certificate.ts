import type * as z from '#zod'
import { type Guard, runBatch, type Statement } from '../db/index.ts'
import { ok, type Result } from '../kernel/index.ts'
import {
  type CertificateRow,
  type ConnectionRecord,
  connectionAt,
  restoreCertificate,
  retireCertificates,
  updateConnection,
} from '../saml/index.ts'
import { attempts } from './change-organization.ts'
import { connectionOf } from './connection-of.ts'
import type { connectionAnswer } from './connection-schema.ts'
import type { AdminRequest } from './endpoint.ts'
import { operatorEvent } from './operator-event.ts'
import { isTimelyAt } from './plan-connection-change.ts'
import { presentConnection } from './present-connection.ts'
import { type Refusal, refuse } from './refusal.ts'

type Request = AdminRequest<{ org: string; connection: string; certificate: string }>
type Answer = Promise<Result<z.input<typeof connectionAnswer>, Refusal>>

/** Trusts a certificate no longer; the last one that can verify a sign-in stays. */
export function retireOnce(request: Request): Answer {
  const { nowMs, params } = request
  // One past its dates verifies nothing: left alone with it, nobody could sign in.
  const isTimely = (row: CertificateRow) => isTimelyAt(nowMs, row)
  return change(request, {
    isDone: ({ retiredAt }) => retiredAt !== null,
    check({ certificates }) {
      const trusted = certificates.filter(({ retiredAt }) => retiredAt === null)
      const others = trusted.filter(({ sha256 }) => sha256 !== params.certificate)
      const isNeeded = others.length === 0 || (trusted.some(isTimely) && !others.some(isTimely))
      const message = 'is the only certificate that the connection trusts and that is valid today'
      return isNeeded
        ? refuse('admin.last_certificate', { field: 'certificate', message })
        : ok(null)
    },
    type: 'certificate.retired',
    facts: { reason: 'operator' },
    write: ({ db, nowMs }, { key, sha256, guard }) =>
      retireCertificates(db, { key, retired: [sha256], nowMs, guard }),
  })
}

/** Trusts a certificate again. */
export function restoreOnce(request: Request): Answer {
  return change(request, {
    isDone: ({ retiredAt, retireAt }) => retiredAt === null && retireAt === null,
    check: () => ok(null),
    type: 'certificate.restored',
    facts: {},
    write: ({ db }, { key, sha256, guard }) => restoreCertificate(db, { key, sha256, guard }),
  })
}

type Step = {
  readonly isDone: (row: CertificateRow) => boolean
  readonly check: (record: ConnectionRecord) => Result<null, Refusal>
  readonly type: 'certificate.retired' | 'certificate.restored'
  readonly facts: Readonly<Record<string, unknown>>
  readonly write: (
    request: Request,
    at: {
      key: { organizationId: string; connectionId: string }
      sha256: string
      guard: Guard
    },
  ) => Statement
}

async function change(request: Request, step: Step): Answer {
  const { db, deps, nowMs, params } = request
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await connectionOf(request)
    if (!found.ok) return found
    const { connection, certificates } = found.value
    const row = certificates.find(({ sha256 }) => sha256 === params.certificate)
    if (row === undefined) return refuse('admin.certificate_not_found')
    if (step.isDone(row)) {
      return ok(await presentConnection(found.value, { config: deps.config, nowMs }))
    }
    const checked = step.check(found.value)
    if (!checked.ok) return checked
    const { sha256 } = row
    const key = { organizationId: connection.organizationId, connectionId: connection.id }
    const guard = connectionAt(connection)
    const facts = { sha256, ...step.facts }
    const results = await runBatch(db, [
      step.write(request, { key, sha256, guard }),
      ...operatorEvent(request, { type: step.type, ...key, facts }, guard),
      updateConnection(db, { before: connection, set: {}, nowMs }),
    ])
    if ((results.at(-1) as readonly unknown[]).length === 0) continue
    const after = await connectionOf(request)
    return after.ok
      ? ok(await presentConnection(after.value, { config: deps.config, nowMs }))
      : after
  }
  return refuse('admin.write_conflict')
}
