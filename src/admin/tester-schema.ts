import { described } from '#described'
import * as z from '#zod'
import { limits } from '../kernel/index.ts'
import { moment } from './api.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const testerSchema = z
  .strictObject({
    kind: z.enum(['objectId', 'userPrincipalName', 'nameId']),
    value: z.string().min(1).max(limits.samlIdentifierLength),
  })
  .superRefine(({ kind, value }, context) => {
    const isGood = kind === 'objectId' ? guid.test(value) : /^[^\p{C}]*$/u.test(value)
    const message = kind === 'objectId' ? 'must be a GUID' : 'must be plain text'
    if (!isGood) context.addIssue({ code: 'custom', path: ['value'], message })
  })

export const addTester = testerSchema.openapi('AddTester')

export const testerAnswer = described(() =>
  z
    .strictObject({
      kind: z.enum(['objectId', 'userPrincipalName', 'nameId']),
      value: z.string(),
      createdAt: moment,
    })
    .openapi('Tester'),
)
