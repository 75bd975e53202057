import { limits } from '../../kernel/index.ts'
import type { Attribute, Schema } from './attribute.ts'
import type { CustomAttribute } from './extension-schemas.ts'
import { coreSchema, schemasOf } from './schemas.ts'

type Resource = Readonly<Record<string, unknown>>

/** What this server can do (RFC 7643 5, with the pagination of RFC 9865 4). */
export function serviceProviderConfig(baseUrl: string): Resource {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: {
      supported: true,
      maxOperations: limits.scimBulkOperations,
      maxPayloadSize: limits.scimBodyBytes,
    },
    filter: { supported: true, maxResults: limits.scimPageSizeMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: limits.scimPageSizeDefault,
      maxPageSize: limits.scimPageSizeMax,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A SCIM token of the organization, or an access token from /oauth/token.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${baseUrl}/ServiceProviderConfig`,
    },
  }
}

/** The kinds of resources (RFC 7643 6). */
export function resourceTypes(
  baseUrl: string,
  custom: readonly CustomAttribute[] = [],
): readonly Resource[] {
  const extensions = schemasOf(custom).filter(({ isExtension }) => isExtension)
  return (['User', 'Group'] as const).map((name) => {
    const own = extensions.filter(({ resource }) => resource === name)
    return {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: name,
      name,
      endpoint: `/${name}s`,
      description: coreSchema(name).description,
      schema: coreSchema(name).id,
      ...(own.length === 0
        ? {}
        : { schemaExtensions: own.map(({ id }) => ({ schema: id, required: false })) }),
      meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
    }
  })
}

/**
 * The schemas (RFC 7643 7). Entra's discovery derives the target attributes from them: one for each
 * canonical value of a `type`, so these are shown, and nothing is null (reference a8).
 */
export function schemas(
  baseUrl: string,
  custom: readonly CustomAttribute[] = [],
): readonly Resource[] {
  return schemasOf(custom).map((schema) => renderSchema(schema, baseUrl))
}

function renderSchema({ id, name, description, attributes }: Schema, baseUrl: string): Resource {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: renderAttributes(attributes),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  }
}

function renderAttributes(attributes: readonly Attribute[]): readonly Resource[] {
  return attributes
    .filter(({ isHidden }) => isHidden !== true)
    .map(({ isHidden: _hidden, isDerived: _derived, subAttributes, ...shown }) => ({
      ...shown,
      ...(subAttributes === undefined ? {} : { subAttributes: renderAttributes(subAttributes) }),
    }))
}
