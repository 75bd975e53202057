import { described } from '#described'
import * as z from '#zod'
import { findPeople, listPeople, type PeoplePlace } from '../directory/index.ts'
import { base64UrlDecode, base64UrlEncode, decodeUtf8, ok, utf8 } from '../kernel/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath, pathId } from './fields.ts'
import { organizationOf } from './organization-of.ts'
import { cutPage, pageOf, pageQuery } from './paging.ts'
import { presentUsers } from './present-user.ts'
import { refuse } from './refusal.ts'
import { userAnswer } from './user-schema.ts'

const query = z.strictObject({
  ...pageQuery(readPlace),
  userName: z
    .string()
    .min(1)
    .max(320)
    .optional()
    .openapi(
      described(() => ({
        description: 'Exactly this user name, in any case; retired users keep theirs.',
      })),
    ),
  search: z
    .string()
    .min(1)
    .max(320)
    .optional()
    .openapi(
      described(() => ({
        description:
          'The beginning of the userName, display name, family name or email, in any case; or exactly the externalId, object id or id. What stands inside a name is not found.',
      })),
    ),
  status: z
    .enum(['active', 'inactive', 'blocked', 'retired'])
    .optional()
    .openapi(
      described(() => ({
        description: 'inactive: may not sign in, whoever denies it, and is not retired.',
      })),
    ),
  source: z
    .enum(['scim', 'saml', 'graph', 'manual'])
    .optional()
    .openapi(
      described(() => ({
        description: 'Who made them.',
      })),
    ),
  connection: pathId
    .optional()
    .openapi(described(() => ({ description: 'Id of the connection they belong to.' }))),
})

export const listUsersEndpoint: Endpoint = endpoint({
  method: 'get',
  path: '/organizations/{org}/users',
  id: 'listUsers',
  described: described(() => ({
    tag: 'Users',
    summary: 'List the users of an organization, or find some.',
    description:
      'A page that is filtered or searched may hold fewer than limit and yet have a nextCursor: it looks at a bounded number of users.',
    answer: pageOf(userAnswer),
    refusals: ['admin.organization_not_found'],
  })),
  params: organizationPath,
  query,
  async handle(request) {
    const organization = await organizationOf(request)
    if (!organization.ok) return organization
    const { limit, cursor, userName, search, status, source, connection } = request.query
    const isFound = [search, status, source, connection].some((value) => value !== undefined)
    if (userName !== undefined && isFound) {
      return refuse('admin.invalid_request', { field: 'userName', message: 'must stand alone' })
    }
    if (cursor !== undefined && cursor.key !== '' && search === undefined) {
      const message = 'must be a nextCursor of this list; leave it out for the first page'
      return refuse('admin.invalid_request', { field: 'cursor', message })
    }
    const { db } = request
    if (!isFound) {
      const rows = await listPeople(db, organization.value.id, {
        after: cursor?.id ?? '',
        limit: limit + 1,
        ...(userName === undefined ? {} : { userName }),
      })
      const users = await presentUsers(db, organization.value, rows)
      return ok(cutPage(users, { limit, cursorOf: ({ id }) => id, present: (user) => user }))
    }
    const found = await findPeople(db, organization.value.id, {
      filter: {
        ...(status === undefined ? {} : { status }),
        ...(source === undefined ? {} : { source }),
        ...(connection === undefined ? {} : { connectionId: connection }),
      },
      ...(search === undefined ? {} : { search }),
      after: cursor ?? null,
      limit,
    })
    const items = await presentUsers(db, organization.value, found.rows)
    return ok({ items: [...items], nextCursor: found.next === null ? null : placeText(found.next) })
  },
})

/** The id alone in a list by id; with the name that it was found by in a search. */
function placeText({ key, id }: PeoplePlace): string {
  return key === '' ? id : `${base64UrlEncode(utf8(key))}.${id}`
}

function readPlace(text: string): PeoplePlace | null {
  const [, named, id] = /^(?:([\w-]+)\.)?(usr_\w{1,60})$/.exec(text) ?? []
  if (id === undefined) return null
  if (named === undefined) return { key: '', id }
  const bytes = base64UrlDecode(named)
  const key = bytes === null ? null : decodeUtf8(bytes)
  return key === null || key === '' ? null : { key, id }
}
