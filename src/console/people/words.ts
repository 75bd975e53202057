import type { UserAnswer } from '../../admin/index.ts'
import { namesRead } from '../../directory/index.ts'
import type { Tone } from '../ui/index.ts'

export type Source = keyof UserAnswer['sources']

/** How pages call the sources, from the strongest to the weakest by default. */
export const sourceWords: Readonly<Record<Source, string>> = {
  manual: 'By hand',
  scim: 'SCIM',
  graph: 'Microsoft Graph',
  saml: 'Sign-in',
}

export const sources = Object.keys(sourceWords) as readonly Source[]

export const statusOptions = [
  ['', 'All'],
  ['active', 'May sign in'],
  ['inactive', 'May not sign in'],
  ['blocked', 'Blocked by hand'],
  ['retired', 'Retired'],
] as const

export const statusTones: Readonly<Record<UserAnswer['status'], Tone>> = {
  active: 'good',
  blocked: 'bad',
  denied: 'bad',
  retired: 'idle',
}

const denials: Readonly<Record<UserAnswer['deniedBy'][number], string>> = {
  scim: 'SCIM says that they are inactive: disabled in Entra, or unassigned.',
  graph: 'Microsoft Graph says that the account is disabled, deleted or unassigned.',
  manual: 'They are blocked by hand here.',
  retired: 'They are retired, which is for good.',
}

/** Why somebody may not sign in, a sentence for each who denies it. */
export function denialWords({ deniedBy }: Pick<UserAnswer, 'deniedBy'>): readonly string[] {
  return deniedBy.map((by) => denials[by])
}

/** What people are called on a page: by their name, and by userName where there is none. */
export function nameOf({ profile, userName }: Pick<UserAnswer, 'profile' | 'userName'>): string {
  const { displayName } = profile
  return typeof displayName === 'string' && displayName !== '' ? displayName : userName
}

/** A value of a profile as text. */
export function valueText(value: UserAnswer['profile'][string] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '')
}

/** The last part of a name: of a claim's address or a schema's attribute; an expression stays as it is. */
export function shortName(name: string): string {
  return /^(?:https?:|urn:)[^\s()]+$/.test(name) ? (name.split(/[/:]/).at(-1) ?? name) : name
}

export type Action = 'block' | 'unblock' | 'retire' | 'sign-out'

/** What can be done to a person: which operation does it, and what it means for them. */
export const actions: Readonly<
  Record<
    Action,
    {
      readonly verb: string
      readonly operation: string
      readonly done: string
      readonly means: readonly string[]
      readonly isGrave: boolean
    }
  >
> = {
  block: {
    verb: 'Block',
    operation: 'blockUser',
    done: 'blocked',
    isGrave: true,
    means: [
      'They are signed out everywhere at once, and cannot sign in again.',
      'No source lifts that: only somebody here does.',
      'Nothing of their profile is lost.',
    ],
  },
  unblock: {
    verb: 'Unblock',
    operation: 'unblockUser',
    done: 'unblocked',
    isGrave: false,
    means: ['They may sign in again, unless SCIM or Microsoft Graph denies it.'],
  },
  retire: {
    verb: 'Retire for good',
    operation: 'retireUser',
    done: 'person_retired',
    isGrave: true,
    means: [
      'This cannot be undone.',
      'They are signed out everywhere at once, and never come back.',
      'Their userName is free for its next owner, who is a new person without their access.',
      'When the name was given to somebody new in Entra, restart provisioning there afterwards.',
    ],
  },
  'sign-out': {
    verb: 'Sign out everywhere',
    operation: 'endUserSessions',
    done: 'sessions_ended',
    isGrave: false,
    means: ['All their sessions end at once. They may sign in again.'],
  },
}

/** What can be done to somebody as they are. */
export function actionsFor({ status }: Pick<UserAnswer, 'status'>): readonly Action[] {
  if (status === 'retired') return []
  return [status === 'blocked' ? 'unblock' : 'block', 'sign-out', 'retire']
}

type Rules = Readonly<Record<string, Parameters<typeof namesRead>[0]>>

export type SourceRow = {
  /** Key of the attribute; a name of a source where no rule reads it. */
  readonly key: string
  readonly value: string
  readonly from: Source | null
  /** What each source says, under the names that the rule reads there. */
  readonly cells: Readonly<Partial<Record<Source, readonly Said[]>>>
}

export type Said = { readonly name: string; readonly text: string }

/**
 * What the sources say side by side: a row for each attribute of which anybody says something, and below them what is
 * said and read by no rule.
 */
export function sourceTable(
  user: Pick<UserAnswer, 'profile' | 'provenance' | 'sources'>,
  rules: Rules,
): { readonly rows: readonly SourceRow[]; readonly unread: readonly SourceRow[] } {
  const read = new Set<string>()
  const rows = Object.keys(rules).map((key): SourceRow => {
    const cells = cellsOf(user, (source) => namesRead(rules[key], source))
    for (const source of sources) {
      for (const name of namesRead(rules[key], source)) read.add(`${source} ${name}`)
    }
    return {
      key,
      value: valueText(ownValue(user.profile, key)),
      from: ownValue(user.provenance, key)?.source ?? null,
      cells,
    }
  })
  const unread = sources.flatMap((source) =>
    Object.keys(user.sources[source]?.attributes ?? {})
      .filter((name) => !read.has(`${source} ${name}`))
      .map((name): SourceRow => {
        const cells = cellsOf(user, (one) => (one === source ? [name] : []))
        return { key: name, value: '', from: null, cells }
      }),
  )
  const said = rows.filter(({ value, cells }) => value !== '' || Object.keys(cells).length > 0)
  return { rows: said, unread }
}

/** An attribute may be called as something that every object has. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function cellsOf(
  user: Pick<UserAnswer, 'sources'>,
  namesOf: (source: Source) => readonly string[],
): SourceRow['cells'] {
  const cells = sources.flatMap((source) => {
    const stated = user.sources[source]?.attributes ?? {}
    const said = namesOf(source)
      .filter((name) => Object.hasOwn(stated, name))
      .map((name) => ({ name, text: (stated[name]?.values ?? []).join(', ') }))
      // A source says the same under several names.
      .filter(({ text }, i, all) => all.findIndex((one) => one.text === text) === i)
    return said.length === 0 ? [] : [[source, said] as const]
  })
  return Object.fromEntries(cells)
}
