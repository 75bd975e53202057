import { coreGroup, coreUser, enterprise, type Json } from './rfc/rfc-world.ts'

/** An address as the model keeps it; the first and the second of one type may differ in value. */
export type Mail = { readonly type: string; readonly value: string }

/** A user as the model has them: simple attributes by their flat names. */
export type ModelUser = {
  readonly id: string
  readonly userName: string
  readonly externalId: string | null
  readonly active: boolean
  readonly texts: Readonly<Record<string, string>>
  readonly emails: readonly Mail[]
  readonly manager: string | null
  /** The object id that they are bound to. */
  readonly boundTo: string | null
}

export type ModelGroup = {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  readonly members: ReadonlySet<string>
}

export type UserWish = Omit<ModelUser, 'id' | 'boundTo' | 'active'> & {
  /** Undefined when the request says nothing of it. */
  readonly active?: boolean | undefined
}

export type GroupWish = Omit<ModelGroup, 'id' | 'members'> & { readonly members: readonly string[] }

/** What a request comes to; the id is that of whom a create made, null for somebody new. */
export type Outcome =
  | { readonly status: 201; readonly id: string | null }
  | { readonly status: 200 | 204 | 404 | 409 }

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function objectIdOf(externalId: string | null): string | null {
  return externalId !== null && guid.test(externalId) ? externalId.toLowerCase() : null
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/**
 * A SCIM server in memory, written from RFC 7643 and 7644 and from what Portico adds to them: a GUID in
 * externalId is an object id, binds once, and has its id back after a DELETE.
 */
export class ScimModel {
  readonly users = new Map<string, ModelUser>()
  readonly groups = new Map<string, ModelGroup>()
  /** Ids of those who were deleted, by object id. */
  readonly erased = new Map<string, string>()

  /** The same once more, so that it can be tried what a request comes to. */
  copy(): ScimModel {
    const copy = new ScimModel()
    for (const [id, user] of this.users) copy.users.set(id, user)
    for (const [id, group] of this.groups) copy.groups.set(id, group)
    for (const [objectId, id] of this.erased) copy.erased.set(objectId, id)
    return copy
  }

  /** What a POST of a user comes to; `insertUser` follows when it is 201. */
  judgeUser(wish: UserWish): Outcome {
    const boundTo = objectIdOf(wish.externalId)
    const isTaken = [...this.users.values()].some(
      (one) => isSame(one.userName, wish.userName) || (boundTo !== null && one.boundTo === boundTo),
    )
    if (isTaken) return { status: 409 }
    return { status: 201, id: boundTo === null ? null : (this.erased.get(boundTo) ?? null) }
  }

  insertUser(id: string, wish: UserWish): void {
    const boundTo = objectIdOf(wish.externalId)
    if (boundTo !== null) this.erased.delete(boundTo)
    this.users.set(id, { ...wish, id, boundTo, active: wish.active ?? true })
  }

  /** A PUT or PATCH: whole or not at all. */
  changeUser(id: string, change: (user: ModelUser) => Omit<ModelUser, 'boundTo'>): Outcome {
    const user = this.users.get(id)
    if (user === undefined) return { status: 404 }
    const next = change(user)
    const stated = objectIdOf(next.externalId)
    const isAnew = !isSame(next.externalId ?? '', user.externalId ?? '')
    const binds = stated !== null && stated !== user.boundTo && isAnew
    if (binds && user.boundTo !== null) return { status: 409 }
    const others = [...this.users.values()].filter((one) => one.id !== id)
    const boundTo = binds ? stated : user.boundTo
    if (others.some((one) => isSame(one.userName, next.userName))) return { status: 409 }
    if (binds && others.some((one) => one.boundTo === stated)) return { status: 409 }
    this.users.set(id, { ...next, boundTo })
    return { status: 200 }
  }

  deleteUser(id: string): Outcome {
    const user = this.users.get(id)
    if (user === undefined) return { status: 404 }
    this.users.delete(id)
    if (user.boundTo !== null) this.erased.set(user.boundTo, id)
    this.#leaveGroups(id)
    return { status: 204 }
  }

  judgeGroup(wish: GroupWish): Outcome {
    const isTaken = [...this.groups.values()].some((one) =>
      isSame(one.displayName, wish.displayName),
    )
    return isTaken ? { status: 409 } : { status: 201, id: null }
  }

  insertGroup(id: string, { members, ...wish }: GroupWish): void {
    this.groups.set(id, {
      ...wish,
      id,
      members: new Set(members.filter((one) => this.#mayJoin(one, id))),
    })
  }

  changeGroup(id: string, status: 200 | 204, change: (group: ModelGroup) => ModelGroup): Outcome {
    const group = this.groups.get(id)
    if (group === undefined) return { status: 404 }
    const next = change(group)
    const isTaken = [...this.groups.values()].some(
      (one) => one.id !== id && isSame(one.displayName, next.displayName),
    )
    if (isTaken) return { status: 409 }
    const members = [...next.members].filter((one) => this.#mayJoin(one, id))
    this.groups.set(id, { ...next, members: new Set(members) })
    return { status }
  }

  deleteGroup(id: string): Outcome {
    if (!this.groups.delete(id)) return { status: 404 }
    this.#leaveGroups(id)
    return { status: 204 }
  }

  /** Ids that nobody has are passed over, and no group is in itself. */
  #mayJoin(memberId: string, groupId: string): boolean {
    return memberId !== groupId && (this.users.has(memberId) || this.groups.has(memberId))
  }

  #leaveGroups(memberId: string): void {
    for (const [id, group] of this.groups) {
      const members = new Set(group.members)
      if (members.delete(memberId)) this.groups.set(id, { ...group, members })
    }
  }

  /** A user as a GET shows them, without meta; groups by id. */
  showUser(user: ModelUser, baseUrl: string): Json {
    const { id, userName, externalId, active, emails, manager } = user
    const at = (prefix: string) =>
      Object.entries(user.texts)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value])
    const name = Object.fromEntries(at('name.'))
    const extension: Json = {
      ...Object.fromEntries(at(`${enterprise}:`)),
      ...(manager === null ? {} : { manager: { value: manager } }),
    }
    const isEmpty = (object: Json) => Object.keys(object).length === 0
    const simple = Object.entries(user.texts).filter(([key]) => !/[.:]/.test(key))
    const groups = [...this.groups.values()]
      .filter((group) => group.members.has(id))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((group) => ({
        value: group.id,
        $ref: `${baseUrl}/Groups/${group.id}`,
        display: group.displayName,
        type: 'direct',
      }))
    return {
      schemas: [coreUser, ...(isEmpty(extension) ? [] : [enterprise])],
      id,
      userName,
      active,
      ...(externalId === null ? {} : { externalId }),
      ...Object.fromEntries(simple),
      ...(isEmpty(name) ? {} : { name }),
      ...(emails.length === 0 ? {} : { emails: inOneOrder(emails) }),
      ...(isEmpty(extension) ? {} : { [enterprise]: extension }),
      ...(groups.length === 0 ? {} : { groups }),
    }
  }

  /** A group as a GET shows it, without meta; members by id, without what they are called. */
  showGroup({ id, displayName, externalId, members }: ModelGroup, baseUrl: string): Json {
    return {
      schemas: [coreGroup],
      id,
      displayName,
      ...(externalId === null ? {} : { externalId }),
      members: [...members].sort().map((value) => {
        const type = value.startsWith('grp_') ? 'Group' : 'User'
        return { value, $ref: `${baseUrl}/${type}s/${value}`, type }
      }),
    }
  }
}

/** Values of an attribute have no order (RFC 7643 2.4): this one stands for all. */
export function inOneOrder(emails: readonly Json[]): readonly Json[] {
  const key = ({ type, value }: Json) => `${type} ${value}`
  return [...emails].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** Emails without repetitions of a value under one type. */
export function distinct(emails: readonly Mail[]): readonly Mail[] {
  const key = ({ type, value }: Mail) => `${type} ${value.toLowerCase()}`
  return emails.filter((one, i) => emails.findIndex((other) => key(other) === key(one)) === i)
}
