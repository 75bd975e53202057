import { described } from '#described'
import * as z from '#zod'
import { limits } from '../kernel/index.ts'
import type { RoleRule } from '../session/index.ts'
import { moment, momentOrNull } from './api.ts'
import { domainName, label, shownVersion } from './fields.ts'

const slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits and inner hyphens',
  )
  .openapi(described(() => ({ example: 'contoso' })))

const roleName = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ : -')

const provisioning = z.strictObject({
  firstLogin: z
    .boolean()
    .openapi(described(() => ({ description: 'Whether a first sign-in creates the person.' }))),
  scim: z.boolean().openapi(described(() => ({ description: 'Whether SCIM may provision.' }))),
  keepValues: z.boolean().openapi(
    described(() => ({
      description: 'Whether provisioning events keep the values that were sent, for 30 days.',
    })),
  ),
  defaultRole: roleName,
})

const changedProvisioning = provisioning.partial()

const roleRules = z
  .array(
    z
      .strictObject({
        group: label(256)
          .optional()
          .openapi(
            described(() => ({
              description:
                'The displayName of a group in any case, its externalId (with Entra the object id) or its id; without provisioned groups, what stands in the list of a sign-in.',
            })),
          ),
        appRole: label(256)
          .optional()
          .openapi(
            described(() => ({
              description:
                'The value of an app role, as the claim of a sign-in has it; the id of one that has no value.',
            })),
          ),
        role: roleName,
      })
      .superRefine(({ group, appRole }, context) => {
        if ((group === undefined) !== (appRole === undefined)) return
        const isNeither = group === undefined
        context.addIssue({
          code: 'custom',
          path: [isNeither ? 'group' : 'appRole'],
          message: isNeither ? 'or appRole is required' : 'cannot stand beside group',
        })
      }),
  )
  .openapi(
    described(() => ({
      description:
        'Which groups and app roles give which role, one of either in each rule; neither gives one by its name alone.',
    })),
  )

const settings = {
  name: label(200),
  domains: z
    .array(domainName)
    .max(limits.domainsPerOrganization)
    .openapi(
      described(() => ({ description: 'Domains the organization owns, on the operator’s word.' })),
    ),
  appOrigins: z
    .array(z.string().max(2048))
    .max(20)
    .openapi(
      described(() => ({
        description: 'Origins of the app that may read /session and be returned to.',
      })),
    ),
  sessionHours: z.int().min(1).max(720),
  signIn: z.enum(['optional', 'required']),
  provisioning: changedProvisioning,
  roleRules: roleRules.max(limits.roleRulesPerOrganization),
}

/** Role rules as they are stored: by a group or by an app role. */
export function roleRuleColumn(
  rules: z.output<typeof roleRules> | undefined,
): readonly RoleRule[] | undefined {
  return rules?.map(({ group, appRole, role }) =>
    appRole === undefined ? { group: group ?? '', role } : { appRole, role },
  )
}

/** What a request says of provisioning, by the columns that hold it. */
export function provisioningColumns({
  keepValues,
  ...rest
}: z.output<typeof changedProvisioning> = {}) {
  return { ...rest, keepProvisionedValues: keepValues }
}

export const createOrganization = z
  .strictObject({ slug, ...settings })
  .partial({
    domains: true,
    appOrigins: true,
    sessionHours: true,
    signIn: true,
    provisioning: true,
    roleRules: true,
  })
  .openapi('CreateOrganization')

export const changeOrganization = z
  .strictObject({ slug, ...settings, version: shownVersion })
  .partial()
  .openapi('ChangeOrganization')

export const organizationAnswer = described(() =>
  z
    .strictObject({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      domains: z.array(z.string()).openapi({ description: 'Proved domains.' }),
      appOrigins: z.array(z.string()),
      sessionHours: z.int(),
      signIn: z.enum(['optional', 'required']),
      provisioning,
      roleRules,
      warnings: z.array(z.string()),
      version: z.int(),
      createdAt: moment,
      updatedAt: moment,
    })
    .openapi('Organization'),
)

export const addDomain = z
  .strictObject({
    domain: domainName,
    verified: z
      .literal(true, 'must be true, or left out for a DNS record to prove it')
      .optional()
      .openapi(
        described(() => ({
          description: 'The operator’s word; without it, a DNS record has to prove it.',
        })),
      ),
  })
  .openapi('AddDomain')

export const domainAnswer = described(() =>
  z
    .strictObject({
      domain: z.string(),
      verified: z.boolean(),
      verifiedAt: momentOrNull,
      verifiedBy: z.enum(['dns', 'operator']).nullable(),
      record: z
        .strictObject({ type: z.literal('TXT'), name: z.string(), value: z.string() })
        .openapi({ description: 'The DNS record that proves the domain.' }),
      createdAt: moment,
    })
    .openapi('Domain'),
)
