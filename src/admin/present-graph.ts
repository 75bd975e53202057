import type * as z from '#zod'
import {
  type GraphCredentialRow,
  type GraphFailure,
  type GraphPermission,
  graphErrors,
  type StoredCheck,
} from '../graph/index.ts'
import { base64Decode, sha256Hex, toIso } from '../kernel/index.ts'
import type { graphCheckAnswer, graphCredentialAnswer } from './graph-schema.ts'

type CheckAnswer = z.input<typeof graphCheckAnswer>

/** What each permission is for, in words for an admin who has to grant it. */
const uses: Readonly<Record<GraphPermission, string>> = {
  'User.Read.All': 'Reads users, their managers and what changed.',
  'Application.Read.All': 'Reads who is assigned to the application, and its app roles.',
  'GroupMember.Read.All': 'Reads the members of the groups that are assigned.',
}

const grant =
  'In Entra, open App registrations > your app > API permissions > Add a permission > Microsoft Graph > Application permissions, add it, then press Grant admin consent.'

/** What a check found, with every problem and its remedy. */
export function presentGraphCheck(
  { check, failure }: StoredCheck,
  checkedAtMs: number,
): CheckAnswer {
  const missing = (check?.permissions ?? []).filter(({ granted }) => !granted)
  const problems = [
    ...(failure === null ? [] : [failureProblem(failure)]),
    ...missing.map(({ name }) => ({
      code: 'graph.forbidden',
      message: `The application permission ${name} of Microsoft Graph is missing.`,
      fix: grant,
    })),
    ...(check?.applicationFound === false
      ? [
          {
            code: 'graph.not_found',
            message: 'The tenant has no enterprise application with the appId.',
            fix: graphErrors['graph.not_found'].fix,
          },
        ]
      : []),
  ]
  return {
    ok: problems.length === 0 && check?.ok === true,
    checkedAt: toIso(checkedAtMs),
    permissions: (check?.permissions ?? []).map(({ name, granted }) => ({
      name,
      granted,
      use: uses[name],
    })),
    application:
      check?.application == null
        ? null
        : {
            requiresAssignment: check.application.requiresAssignment,
            appRoles: check.application.appRoles.map((role) => ({ ...role })),
          },
    problems,
  }
}

function failureProblem({ code, explanation }: NonNullable<StoredCheck['failure']>) {
  const entry = Object.hasOwn(graphErrors, code) ? graphErrors[code as GraphFailure['code']] : null
  return { code, message: explanation, fix: entry?.fix ?? '' }
}

/** A failure as it is kept with the credential: the code, and in words what an admin needs beside it. */
export function storedFailure(failure: GraphFailure): NonNullable<StoredCheck['failure']> {
  const { means } = graphErrors[failure.code]
  if (failure.code === 'graph.unauthorized') {
    const number = failure.aadsts === null ? '' : ` (AADSTS${failure.aadsts})`
    return { code: failure.code, explanation: `${failure.explanation}${number}` }
  }
  return { code: failure.code, explanation: means }
}

/** A credential as the API shows it: the certificate, never the secret or the private key. */
export async function presentGraphCredential(
  row: GraphCredentialRow,
): Promise<z.input<typeof graphCredentialAnswer>> {
  const der = row.certificate === null ? null : base64Decode(row.certificate)
  const lines = row.certificate?.match(/.{1,64}/g) ?? []
  return {
    connection: row.connectionId === '' ? null : row.connectionId,
    tenantId: row.tenantId,
    clientId: row.clientId,
    appId: row.appId,
    kind: row.kind,
    certificate:
      der === null
        ? null
        : {
            pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
            sha256: await sha256Hex(der),
          },
    expiresAt: row.expiresAt === null ? null : toIso(row.expiresAt),
    check:
      row.checkedAt === null || row.checked === null
        ? null
        : presentGraphCheck(row.checked as StoredCheck, row.checkedAt),
    createdAt: toIso(row.createdAt),
    updatedAt: toIso(row.updatedAt),
  }
}
