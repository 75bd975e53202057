import { Hono } from 'hono'
import { z } from 'zod'
import {
  addMember,
  deleteGroup,
  deleteUser,
  findDeletedUser,
  findGroup,
  findUser,
  type Group,
  listDeletedUsers,
  listGroups,
  listMembers,
  listUsers,
  newUser,
  purgeUser,
  removeMember,
  restoreUser,
  saveGroup,
  saveUser,
  transitiveGroups,
} from '../directory/index.ts'
import { uuid } from '../keys/index.ts'
import type { World } from '../world.ts'
import { missing, type Problem, problem, readBody } from './problem.ts'

const text = z.string().nullable().optional()

export const userInput = z.strictObject({
  id: z.guid().optional(),
  userPrincipalName: z.string().min(3).optional(),
  displayName: z.string().min(1).optional(),
  givenName: text,
  surname: text,
  mail: text,
  mailNickname: z.string().optional(),
  accountEnabled: z.boolean().optional(),
  userType: z.enum(['Member', 'Guest']).optional(),
  jobTitle: text,
  department: text,
  employeeId: text,
  companyName: text,
  officeLocation: text,
  businessPhones: z.array(z.string()).optional(),
  mobilePhone: text,
  faxNumber: text,
  streetAddress: text,
  city: text,
  state: text,
  postalCode: text,
  country: text,
  preferredLanguage: text,
  usageLocation: text,
  employeeType: text,
  employeeOrgData: z
    .strictObject({
      division: z.string().nullable().default(null),
      costCenter: z.string().nullable().default(null),
    })
    .nullable()
    .optional(),
  managerId: text,
  extensionAttributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .optional(),
  homeIssuer: text,
  homeSignInName: text,
  authentication: z.enum(['password', 'mfa', 'passkey', 'certificate']).optional(),
})

const groupInput = z.strictObject({
  id: z.guid().optional(),
  displayName: z.string().min(1).optional(),
  description: text,
})
const memberInput = z.strictObject({ member: z.string() })

const taken: Problem = { status: 409, problem: 'Another user has this userPrincipalName.' }

/** Users and groups. A user is addressed by object id or user principal name, a group by id or name. */
export function directoryRoutes(world: World): Hono {
  const { sql } = world
  const routes = new Hono()
  const page = (query: (name: string) => string | undefined) => ({
    search: query('search') ?? '',
    limit: Math.min(Number(query('limit') ?? 100) || 100, 1000),
    offset: Number(query('offset') ?? 0) || 0,
  })

  routes.get('/users', (c) =>
    c.json({
      items: listUsers(
        sql,
        page((n) => c.req.query(n)),
      ),
    }),
  )
  routes.post('/users', async (c) => {
    const body = await readBody(c, userInput.required({ displayName: true }))
    if (!body.ok) return problem(c, body.failure)
    const user = newUser({ ...given(body.value), displayName: body.value.displayName })
    if (findUser(sql, user.id) !== null || findDeletedUser(sql, user.id) !== null) {
      return problem(c, { status: 409, problem: 'There is a user with this id.' })
    }
    return saveUser(sql, user) ? c.json(user, 201) : problem(c, taken)
  })
  routes.get('/users/:key', (c) => {
    const user = findUser(sql, c.req.param('key'))
    if (user === null) return problem(c, missing('such user'))
    return c.json({ ...user, groups: transitiveGroups(sql, user.id) })
  })
  routes.patch('/users/:key', async (c) => {
    const user = findUser(sql, c.req.param('key'))
    if (user === null) return problem(c, missing('such user'))
    const body = await readBody(c, userInput)
    if (!body.ok) return problem(c, body.failure)
    const changed = { ...user, ...given(body.value), id: user.id }
    return saveUser(sql, changed) ? c.json(changed) : problem(c, taken)
  })
  routes.delete('/users/:key', (c) => {
    const user = findUser(sql, c.req.param('key'))
    if (user === null) return problem(c, missing('such user'))
    deleteUser(sql, user.id, world.nowMs())
    return c.body(null, 204)
  })
  routes.get('/deleted-users', (c) => c.json({ items: listDeletedUsers(sql) }))
  routes.post('/deleted-users/:id/restore', (c) => {
    const user = findDeletedUser(sql, c.req.param('id'))
    if (user === null) return problem(c, missing('such deleted user'))
    return restoreUser(sql, user) ? c.json(findUser(sql, user.id)) : problem(c, taken)
  })
  routes.delete('/deleted-users/:id', (c) => {
    const user = findDeletedUser(sql, c.req.param('id'))
    if (user === null) return problem(c, missing('such deleted user'))
    purgeUser(sql, user.id)
    return c.body(null, 204)
  })

  routes.get('/groups', (c) =>
    c.json({
      items: listGroups(
        sql,
        page((n) => c.req.query(n)),
      ),
    }),
  )
  routes.post('/groups', async (c) => {
    const body = await readBody(c, groupInput.required({ displayName: true }))
    if (!body.ok) return problem(c, body.failure)
    const { id, displayName, description } = body.value
    const group: Group = { id: id ?? uuid(), displayName, description: description ?? null }
    saveGroup(sql, group)
    return c.json(group, 201)
  })
  routes.get('/groups/:key', (c) => {
    const group = findGroup(sql, c.req.param('key'))
    if (group === null) return problem(c, missing('such group'))
    return c.json({ ...group, members: listMembers(sql, group.id) })
  })
  routes.patch('/groups/:key', async (c) => {
    const group = findGroup(sql, c.req.param('key'))
    if (group === null) return problem(c, missing('such group'))
    const body = await readBody(c, groupInput)
    if (!body.ok) return problem(c, body.failure)
    const changed = { ...group, ...given(body.value), id: group.id }
    saveGroup(sql, changed)
    return c.json(changed)
  })
  routes.delete('/groups/:key', (c) => {
    const group = findGroup(sql, c.req.param('key'))
    if (group === null) return problem(c, missing('such group'))
    deleteGroup(sql, group.id)
    return c.body(null, 204)
  })
  routes.post('/groups/:key/members', async (c) => {
    const group = findGroup(sql, c.req.param('key'))
    if (group === null) return problem(c, missing('such group'))
    const body = await readBody(c, memberInput)
    if (!body.ok) return problem(c, body.failure)
    const member = findUser(sql, body.value.member) ?? findGroup(sql, body.value.member)
    if (member === null) return problem(c, missing('such user or group'))
    addMember(sql, group.id, member.id)
    return c.body(null, 204)
  })
  routes.delete('/groups/:key/members/:member', (c) => {
    const group = findGroup(sql, c.req.param('key'))
    const key = c.req.param('member')
    const member = findUser(sql, key) ?? findGroup(sql, key)
    if (group === null || member === null) return problem(c, missing('such member'))
    removeMember(sql, group.id, member.id)
    return c.body(null, 204)
  })
  return routes
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** What was said, without what was left out. */
function given<T extends object>(input: T): Given<T> {
  const out: Given<T> = {}
  for (const key of Object.keys(input) as (keyof T)[]) {
    const value = input[key]
    if (value !== undefined) out[key] = value as Exclude<T[keyof T], undefined>
  }
  return out
}
