import type { ResourceName, Schema } from './attribute.ts'
import {
  type CustomAttribute,
  customSchema,
  customUrn,
  enterpriseSchema,
} from './extension-schemas.ts'
import { groupSchema } from './group-schema.ts'
import { userSchema } from './user-schema.ts'

/** The schemas that an organization's resources have; the custom one only once it has attributes. */
export function schemasOf(custom: readonly CustomAttribute[]): readonly Schema[] {
  const fixed = [userSchema, enterpriseSchema, groupSchema]
  return custom.length === 0 ? fixed : [...fixed, customSchema(custom)]
}

/** The schema of a resource that no extension adds to. */
export function coreSchema(resource: ResourceName): Schema {
  return resource === 'User' ? userSchema : groupSchema
}

/**
 * Finds a schema of a resource by its URN, in any case (Entra sends URNs as the admin typed them), also
 * without the colon that one of Microsoft's samples forgets (`…:enterprise:2.0User`). The custom
 * schema is found even before it has attributes, since what it is sent is kept.
 */
export function findSchema(
  resource: ResourceName,
  urn: string,
  custom: readonly CustomAttribute[] = [],
): Schema | null {
  const wanted = urn.toLowerCase().replace(/:2\.0(user|group)$/, ':2.0:$1')
  if (resource === 'User' && wanted === customUrn.toLowerCase()) return customSchema(custom)
  const all = schemasOf([]).filter((schema) => schema.resource === resource)
  return all.find((schema) => schema.id.toLowerCase() === wanted) ?? null
}
