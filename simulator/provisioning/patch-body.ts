import type { Change } from './difference.ts'

/** `flag`: what `?aadOptscim062020` switches on. On-demand provisioning ignores it. */
export type Dialect = 'legacy' | 'flag'

type Operation = { readonly op: string; readonly path?: string; readonly value?: unknown }

const dialects: Readonly<Record<Dialect, (changes: readonly Change[]) => readonly Operation[]>> = {
  legacy: (changes) =>
    changes.map(({ op, path, value }) => ({
      op,
      path,
      value: typeof value === 'boolean' ? (value ? 'True' : 'False') : value,
    })),
  flag: (changes) => [
    ...changes.filter(({ folds, path }) => !folds && path !== 'active').flatMap(single),
    ...folded(changes, 'Add'),
    ...folded(changes, 'Replace'),
    ...changes.filter(({ path }) => path === 'active').flatMap(single),
  ],
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

/** Single values in one map, with dots and schemas in its keys. */
function folded(changes: readonly Change[], op: Change['op']): readonly Operation[] {
  const some = changes.filter((change) => change.folds && change.op === op)
  if (some.length === 0) return []
  return [
    {
      op: op.toLowerCase(),
      value: Object.fromEntries(some.map(({ path, value }) => [path, value])),
    },
  ]
}
