import type { Provisioner } from '../directory/index.ts'
import type { CustomAttribute } from './schema/extension-schemas.ts'

/** The attributes that the credential's organization defined itself, as this isolate knows them. */
export function customAttributesOf({ rules }: Provisioner): readonly CustomAttribute[] {
  return rules.current.definitions.filter(({ isSystem }) => !isSystem)
}
