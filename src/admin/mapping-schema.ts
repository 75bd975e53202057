import { described } from '#described'
import * as z from '#zod'
import { limits } from '../kernel/index.ts'
import { moment, momentOrNull } from './api.ts'
import { pathId } from './fields.ts'

const source = z.enum(['manual', 'scim', 'graph', 'saml'])

const sourceRule = z.union([z.array(z.string()), z.strictObject({ expression: z.string() })])

const rule = z.strictObject({
  tiers: z.array(z.array(source)).openapi(
    described(() => ({
      description:
        'Sources from strongest to weakest; inside a tier the statement that changed last wins. A source that is left out sets nothing.',
    })),
  ),
  blankClears: z.boolean().openapi(
    described(() => ({
      description: 'Whether a blank that a source states clears the value, or is passed over.',
    })),
  ),
  manual: sourceRule,
  scim: sourceRule,
  graph: sourceRule,
  saml: sourceRule.openapi(
    described(() => ({
      description: 'The claim names that a connection has of its own are tried before these.',
    })),
  ),
})

const ruleReference = { $ref: '#/components/schemas/MappingRule' }

/** Read by the directory, which says of each wrong part where it stands. */
const rules = z.record(z.string(), z.unknown()).openapi(
  described(() => ({
    type: 'object',
    additionalProperties: ruleReference,
    description:
      'By key of the attribute. An attribute, or a part of its rule, that is left out is as the default has it.',
  })),
)

const version = z.int().openapi(
  described(() => ({
    description: 'Grows with every change of attributes, mapping and claim names.',
  })),
)

export const mappingAnswer = described(() =>
  z
    .strictObject({
      version,
      rules: z.record(z.string(), rule.openapi('MappingRule')),
      updatedAt: momentOrNull,
      run: z.string().nullable().openapi({
        description: 'The run that makes profiles anew, while one is under way.',
      }),
    })
    .openapi('Mapping'),
)

export const setMapping = z
  .strictObject({
    version: version.openapi(
      described(() => ({
        description: 'As it was read: whoever changed it in between is not overwritten.',
      })),
    ),
    rules,
  })
  .openapi('SetMapping')

export const previewMapping = z
  .strictObject({
    rules,
    users: z
      .array(pathId)
      .min(1)
      .max(limits.previewPeople)
      .optional()
      .openapi(described(() => ({ description: 'Ids of users; without them a sample is taken.' }))),
    sample: z
      .int()
      .min(1)
      .max(limits.previewPeople)
      .optional()
      .openapi(
        described(() => ({ description: 'How many of the newest users; 10 unless given.' })),
      ),
  })
  .openapi('PreviewMapping')

const scalar = z.union([z.string(), z.number(), z.boolean()])

const profile = z.strictObject({
  profile: z.record(z.string(), z.union([scalar, z.array(scalar)])),
  provenance: z.record(z.string(), z.strictObject({ source, at: moment, rule: z.string() })),
})

export const previewAnswer = described(() =>
  z
    .strictObject({
      version,
      users: z.array(
        z.strictObject({
          id: z.string(),
          userName: z.string(),
          before: profile.openapi({ description: 'As it is stored.' }),
          after: profile.openapi({ description: 'As the rules would make it.' }),
          changed: z
            .array(z.string())
            .openapi({ description: 'Keys whose value would be another.' }),
          problems: z
            .array(
              z.strictObject({
                key: z.string(),
                kind: z.string(),
                source: source.nullable(),
                rule: z.string().nullable(),
                message: z.string().nullable(),
              }),
            )
            .openapi({ description: 'Why attributes would have no value though they should.' }),
        }),
      ),
    })
    .openapi('MappingPreview'),
)
