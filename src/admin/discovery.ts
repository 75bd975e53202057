import { described } from '#described'
import * as z from '#zod'
import { normalizeDomain } from '../directory/index.ts'
import { ok } from '../kernel/index.ts'
import { discover, spUrls } from '../saml/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

const email = z
  .string()
  .max(320)
  .refine((text) => {
    const at = text.lastIndexOf('@')
    return at > 0 && normalizeDomain(text.slice(at + 1)) !== null
  }, 'must be an email address')

const discoveryAnswer = described(() =>
  z
    .strictObject({
      organization: z
        .strictObject({ id: z.string(), slug: z.string(), name: z.string() })
        .nullable()
        .openapi({ description: 'Null when no organization has proved the email’s domain.' }),
      connection: z.string().nullable().openapi({ description: 'Null while none is active.' }),
      loginUrl: z.string().nullable(),
      signIn: z
        .enum(['optional', 'required'])
        .nullable()
        .openapi({ description: 'Whether the app must send the person to loginUrl.' }),
    })
    .openapi('Discovery'),
)

export const discoveryEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/discovery',
    id: 'discover',
    described: described(() => ({
      tag: 'Discovery',
      summary: 'Where the people of an email’s domain sign in.',
      answer: discoveryAnswer,
    })),
    query: z.strictObject({ email }),
    async handle({ db, query, deps }) {
      const found = await discover(db, query.email)
      if (found === null) {
        return ok({ organization: null, connection: null, loginUrl: null, signIn: null })
      }
      const { organization, connectionId } = found
      const { id, slug, name, signIn } = organization
      const loginUrl =
        connectionId === null ? null : spUrls(deps.config.publicUrl, connectionId).loginUrl
      return ok({
        organization: { id, slug, name },
        connection: connectionId,
        loginUrl,
        signIn,
      })
    },
  }),
]
