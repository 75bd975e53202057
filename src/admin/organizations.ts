import { described } from '#described'
import * as z from '#zod'
import { eraseOrganizationActivity } from '../activity/index.ts'
import { runBatch } from '../db/index.ts'
import {
  deleteOrganization,
  listOrganizationsWithDomains,
  loadOrganization,
  type OrganizationWithDomains,
  organizationExists,
} from '../directory/index.ts'
import type { Config } from '../http/index.ts'
import { ok, toIso } from '../kernel/index.ts'
import { eraseScimReadCounts } from '../scim/index.ts'
import { warnAboutOrigins } from './app-origins.ts'
import { changeOrganizationOnce } from './change-organization.ts'
import { createOrganizationOnce } from './create-organization.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { organizationPath } from './fields.ts'
import { operatorEvent } from './operator-event.ts'
import { organizationOf, organizationWithDomains } from './organization-of.ts'
import {
  changeOrganization,
  createOrganization,
  organizationAnswer,
} from './organization-schema.ts'
import { cutPage, idCursor, pageOf, pageQuery } from './paging.ts'
import { refuse } from './refusal.ts'

const tag = 'Organizations'

export const organizationEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'post',
    path: '/organizations',
    id: 'createOrganization',
    described: described(() => ({
      tag,
      summary: 'Create an organization.',
      answer: organizationAnswer,
      refusals: ['admin.slug_taken', 'admin.domain_taken', 'admin.organization_not_found'],
    })),
    body: createOrganization,
    created: true,
    idempotent: true,
    async handle(request) {
      const id = await createOrganizationOnce(request)
      if (!id.ok) return id
      const found = await loadOrganization(request.db, id.value)
      return found === null
        ? refuse('admin.organization_not_found')
        : ok(presentOrganization(found, request.deps.config))
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations',
    id: 'listOrganizations',
    described: described(() => ({
      tag,
      summary: 'List organizations.',
      answer: pageOf(organizationAnswer),
    })),
    query: z.strictObject(pageQuery(idCursor('org'))),
    async handle({ db, query, deps }) {
      const rows = await listOrganizationsWithDomains(db, {
        after: query.cursor ?? '',
        limit: query.limit + 1,
      })
      return ok(
        cutPage(rows, {
          limit: query.limit,
          cursorOf: ({ organization }) => organization.id,
          present: (row) => presentOrganization(row, deps.config),
        }),
      )
    },
  }),
  endpoint({
    method: 'get',
    path: '/organizations/{org}',
    id: 'getOrganization',
    described: described(() => ({
      tag,
      summary: 'One organization.',
      answer: organizationAnswer,
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    async handle(request) {
      const found = await organizationWithDomains(request)
      return found.ok ? ok(presentOrganization(found.value, request.deps.config)) : found
    },
  }),
  endpoint({
    method: 'patch',
    path: '/organizations/{org}',
    id: 'changeOrganization',
    described: described(() => ({
      tag,
      summary: 'Change an organization; what is left out stays.',
      description:
        '`domains` replaces the proved domains; domains that wait for their DNS record are not touched.',
      answer: organizationAnswer,
      refusals: [
        'admin.organization_not_found',
        'admin.slug_taken',
        'admin.domain_taken',
        'admin.changed_since',
        'admin.write_conflict',
      ],
    })),
    params: organizationPath,
    body: changeOrganization,
    async handle(request) {
      const changed = await changeOrganizationOnce(request)
      return changed.ok ? ok(presentOrganization(changed.value, request.deps.config)) : changed
    },
  }),
  endpoint({
    method: 'delete',
    path: '/organizations/{org}',
    id: 'deleteOrganization',
    described: described(() => ({
      tag,
      summary: 'Delete an organization with its connections, people and sessions.',
      refusals: ['admin.organization_not_found'],
    })),
    params: organizationPath,
    async handle(request) {
      const organization = await organizationOf(request)
      if (!organization.ok) return organization
      const { db } = request
      const { id, slug } = organization.value
      const results = await runBatch(db, [
        ...operatorEvent(
          request,
          { type: 'organization.deleted', organizationId: id, facts: { slug } },
          organizationExists(id),
        ),
        ...eraseOrganizationActivity(db, id),
        eraseScimReadCounts(db, id),
        deleteOrganization(db, id),
      ])
      const isGone = (results.at(-1) as readonly unknown[]).length === 1
      return isGone ? ok(null) : refuse('admin.organization_not_found')
    },
  }),
]

/** An organization as the API shows it. */
function presentOrganization(
  { organization, domains }: OrganizationWithDomains,
  { publicUrl }: Config,
): z.input<typeof organizationAnswer> {
  return {
    id: organization.id,
    slug: organization.slug,
    name: organization.name,
    domains: [...domains],
    appOrigins: [...organization.appOrigins],
    sessionHours: organization.sessionHours,
    signIn: organization.signIn,
    provisioning: {
      firstLogin: organization.firstLogin,
      scim: organization.scim,
      keepValues: organization.keepProvisionedValues,
      defaultRole: organization.defaultRole,
    },
    roleRules: organization.roleRules.map((rule) => ({ ...rule })),
    warnings: warnAboutOrigins(organization.appOrigins, publicUrl),
    version: organization.version,
    createdAt: toIso(organization.createdAt),
    updatedAt: toIso(organization.updatedAt),
  }
}
