import { err, ok } from '../kernel/index.ts'
import { customAttributesOf } from './custom-attributes.ts'
import type { ResourceHandlers } from './dispatch.ts'
import { listResponse } from './list.ts'
import { wholeList } from './list-query.ts'
import type { Answered, Handler, ScimRequest } from './request.ts'
import { resourceTypes, schemas, serviceProviderConfig } from './schema/discovery.ts'
import type { CustomAttribute } from './schema/extension-schemas.ts'

type Document = Readonly<Record<string, unknown>>

/** What the server can do, and of what its resources consist (RFC 7644 4). */
export const discoveryHandlers: Readonly<Record<string, ResourceHandlers>> = {
  serviceproviderconfig: {
    collection: {
      GET: async ({ baseUrl }) => ok({ status: 200, resource: serviceProviderConfig(baseUrl) }),
    },
  },
  resourcetypes: documents(resourceTypes),
  schemas: documents(schemas),
  me: refusesEverything(),
}

/**
 * A list of documents, and each by its id. Entra needs a ListResponse here too (reference a8). An admin who defines
 * an attribute looks for it at once, so the organization's own are read anew.
 */
function documents(
  make: (baseUrl: string, custom: readonly CustomAttribute[]) => readonly Document[],
): ResourceHandlers {
  async function all({ baseUrl, by, db }: ScimRequest): Promise<readonly Document[]> {
    await by.rules.renew(db)
    return make(baseUrl, customAttributesOf(by))
  }
  return {
    collection: {
      async GET(request): Answered {
        if (request.list.filter !== null) {
          // RFC 7644 4: a filter SHOULD be refused with 403, since nothing here can be left out.
          const detail = 'Schemas and resource types cannot be filtered; ask for one by its id.'
          return err({ code: 'scim.scope', detail })
        }
        const resources = await all(request)
        const page = { totalResults: resources.length, resources, nextCursor: null }
        return ok({ status: 200, resource: listResponse(page, wholeList) })
      },
    },
    item: {
      async GET(request, id): Answered {
        const found = (await all(request)).find(
          (one) => String(one['id']).toLowerCase() === id.toLowerCase(),
        )
        if (found !== undefined) return ok({ status: 200, resource: found })
        return err({
          code: 'scim.not_found',
          detail: `There is nothing called ${id.slice(0, 128)} here.`,
        })
      },
    },
  }
}

/** `/Me` stands for the signed-in person (RFC 7644 3.11); behind a provisioning token there is none. */
function refusesEverything(): ResourceHandlers {
  const refuse: Handler = async () =>
    err({
      code: 'scim.me',
      detail:
        '/Me stands for a signed-in person; a provisioning token is none. Use /Users and an id.',
    })
  const collection = { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
  return { collection }
}
