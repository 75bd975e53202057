import { expect } from 'vitest'
import {
  type Answer,
  type Json,
  part,
  type Resource,
  type RfcWorld,
  rfcWorld,
} from './rfc/rfc-world.ts'

/** The attributes that a client stated, without what the server adds. */
export function stated(body: Json): Json {
  const { schemas: _schemas, id: _id, meta: _meta, groups: _groups, ...rest } = body
  return rest
}

/** What tells two states of a resource apart. */
export function stampOf(body: Json): Json {
  const { version, lastModified } = part(body, 'meta')
  return { version, lastModified }
}

/** The flag at the end of the Tenant URL, with which Entra speaks its other PATCH dialect. */
export const dialectFlag = 'aadOptscim062020'

/**
 * SCIM as Entra's provisioning service talks to it: its media type with a charset, the flag of the tenant
 * URL on every address, and of every answer the promises that hold whatever was asked.
 */
export function wireOf(world: RfcWorld, { flag = '', token = 'contoso' } = {}) {
  async function send(method: string, path: string, body?: unknown): Promise<Answer> {
    // Every request comes at a moment of its own.
    world.clock.ms++
    const joint = path.includes('?') ? '&' : '?'
    const answer = await world.send(method, flag === '' ? path : `${path}${joint}${flag}`, {
      ...(body === undefined ? {} : { body }),
      token,
      headers: {
        accept: 'application/scim+json',
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
      },
    })
    expectPromises(answer)
    return answer
  }

  async function must(status: number, asked: Promise<Answer>): Promise<Answer> {
    const answer = await asked
    expect([answer.status, answer.status === status ? '' : answer.text]).toEqual([status, ''])
    return answer
  }

  const get = (path: string) => send('GET', path)

  return {
    ...world,
    /** What lies below, for whoever talks in another way. */
    world,
    send,
    get,
    post: (path: string, body: unknown) => send('POST', path, body),
    put: (path: string, body: unknown) => send('PUT', path, body),
    patch: (path: string, operations: readonly Json[]) =>
      send('PATCH', path, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: operations,
      }),
    delete: (path: string) => send('DELETE', path),
    /** The answer to a request that must end with the status. */
    must,
    /** Creates what the body says; throws when that fails. */
    async made(path: '/Users' | '/Groups', body: Json): Promise<Resource> {
      return (await must(201, send('POST', path, body))).body as Resource
    },
    /** A resource as it reads now. */
    async read(path: string): Promise<Resource> {
      return (await must(200, get(path))).body as Resource
    },
    /** The ids that a filter finds, as Entra asks. */
    async find(
      kind: 'Users' | 'Groups',
      filter: string,
      more: Readonly<Record<string, string>> = {},
    ) {
      const query = new URLSearchParams({ ...more, filter })
      const { body } = await must(200, get(`/${kind}?${query}`))
      const found = body['Resources'] as readonly Resource[]
      expect(body).toMatchObject({
        totalResults: found.length,
        startIndex: 1,
        itemsPerPage: found.length,
      })
      return found.map(({ id }) => id)
    },
    /** The ids of a group's members, sorted. */
    async members(groupId: string): Promise<readonly unknown[]> {
      const { body } = await must(200, get(`/Groups/${groupId}`))
      const members = body['members'] as readonly Json[]
      return members.map((member) => member['value']).sort()
    },
  }
}

export type Wire = ReturnType<typeof wireOf>

/** Contoso, as Entra sees it. */
export async function wireWorld() {
  return wireOf(await rfcWorld())
}

/** What Entra needs of every answer: SCIM's media type, an error it can show, and no nulls. */
function expectPromises({ status, headers, text, body }: Answer): void {
  if (text !== '') expect(headers.get('content-type')).toBe('application/scim+json')
  if (status >= 400) {
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(body['scimType'] === undefined ? {} : { scimType: expect.any(String) }),
      detail: expect.stringMatching(/^[^\n]{20,} \(Reference \S+\)$/),
    })
  }
  expect(text).not.toContain(':null')
  expect(headers.get('content-location') ?? '').not.toContain('aadOptscim')
  expect(JSON.stringify(part(body, 'meta'))).not.toContain('aadOptscim')
}
