import type { Change } from './difference.ts'

/** `flag`: what `?aadOptscim062020` switches on. On-demand provisioning ignores it. */
export type Dialect = 'legacy' | 'flag'

type Operation = { readonly op: string; readonly path?: string; readonly value?: unknown }

/** As the requests with and without the feature flag in "Known issues with SCIM 2.0 protocol compliance". */
const dialects: Readonly<Record<Dialect, (changes: readonly Change[]) => readonly Operation[]>> = {
  legacy: (changes) =>
    changes.map(({ op, path, value }) => ({
      op,
      path,
      value: typeof value === 'boolean' ? (value ? 'True' : 'False') : value,
    })),
  flag: (changes) => {
    const isActive = ({ path }: Change) => path === 'active'
    const isFolded = ({ folds, op }: Change) => folds && op === 'Replace'
    return [
      ...changes.filter((change) => !isActive(change) && !isFolded(change)).flatMap(single),
      ...folded(changes.filter(isFolded)),
      ...changes.filter(isActive).flatMap(single),
    ]
  },
}

/** The body of a PATCH. */
export function patchBody(dialect: Dialect, changes: readonly Change[]) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: dialects[dialect](changes),
  }
}

/** Whether a tenant URL asks for the newer dialect; some admins write `=true` behind it. */
export function dialectOf(tenantUrl: string): Dialect {
  const { searchParams } = new URL(tenantUrl)
  return searchParams.has('aadOptscim062020') ? 'flag' : 'legacy'
}

/** Members are removed one by one, everything else stays one operation. */
function single({ op, path, value }: Change): readonly Operation[] {
  if (op === 'Remove' && Array.isArray(value)) {
    return value.map((member) => ({ op: 'remove', path: `${path}[value eq "${member.value}"]` }))
  }
  return [{ op: op.toLowerCase(), path, value }]
}

/** Single values to replace in one map, with dots and schemas in its keys. */
function folded(changes: readonly Change[]): readonly Operation[] {
  if (changes.length === 0) return []
  const value = Object.fromEntries(changes.map((change) => [change.path, change.value]))
  return [{ op: 'replace', value }]
}
