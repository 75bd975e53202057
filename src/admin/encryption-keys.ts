import { described } from '#described'
import * as z from '#zod'
import { countSealed, nothingSealed, sealedKinds } from '../db/index.ts'
import { ok } from '../kernel/index.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

const encryptionKeys = described(() =>
  z
    .strictObject({
      items: z.array(
        z.strictObject({
          kid: z.string(),
          role: z.enum(['writes', 'reads', 'missing']).openapi({
            description:
              'missing: something was sealed with it, and ENCRYPTION_KEYS does not have it.',
          }),
          uses: z.strictObject({
            connectionKeys: z.int(),
            signingKeys: z.int(),
            graphCredentials: z.int(),
            tombstones: z.int(),
          }),
          free: z.boolean().openapi({ description: 'Whether nothing needs it any more.' }),
        }),
      ),
    })
    .openapi('EncryptionKeys'),
)

export const encryptionKeyEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: '/encryption-keys',
    id: 'listEncryptionKeys',
    described: described(() => ({
      tag: 'Operations',
      summary: 'Which keys of ENCRYPTION_KEYS are needed, and which are free to go.',
      description:
        'Housekeeping encrypts anew with the first key what the others sealed. Never shows a key, only its kid.',
      answer: encryptionKeys,
    })),
    async handle({ db, deps }) {
      const counts = await countSealed(db)
      const [first, ...older] = deps.config.keyRing.map(({ kid }) => kid)
      const known = [first, ...older].filter((kid) => kid !== undefined)
      const missing = [...counts.keys()].filter((kid) => !known.includes(kid))
      const show = (kid: string, role: 'writes' | 'reads' | 'missing') => {
        const uses = counts.get(kid) ?? nothingSealed
        const isUnused = sealedKinds.every((kind) => uses[kind] === 0)
        return { kid, role, uses, free: role === 'reads' && isUnused }
      }
      return ok({
        items: [
          ...known.map((kid) => show(kid, kid === first ? 'writes' : 'reads')),
          ...missing.map((kid) => show(kid, 'missing')),
        ],
      })
    },
  }),
]
