import { describe, expect, it } from 'vitest'
import { endpoints } from '../../../src/admin/endpoints.ts'
import { registry } from '../../../src/errors.ts'
import { renderOpenApi } from '../../../tools/render-openapi.ts'
import { type Json, textOf } from './admin-client.ts'

type Operations = readonly (readonly [path: string, method: string, operation: Json])[]

async function readDescription(): Promise<{ document: Json; operations: Operations }> {
  const body = renderOpenApi() as Json
  const paths = body['paths'] as Readonly<Record<string, Readonly<Record<string, Json>>>>
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [path, method, operation] as const),
  )
  return { document: body, operations }
}

/** Every object of a JSON document. */
function objectsOf(value: unknown): readonly Json[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsOf)
  return Array.isArray(value) ? inner : [value as Json, ...inner]
}

describe('the OpenAPI description', () => {
  it('is of version 3.1, needs no key, and says where the API is', async () => {
    const { document } = await readDescription()
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Portico Admin API' },
      servers: [{ url: '/' }],
      security: [{ adminKey: [] }],
      components: { securitySchemes: { adminKey: { type: 'http', scheme: 'bearer' } } },
    })
  })

  it('documents each operation once, and none that does not exist', async () => {
    const { operations } = await readDescription()
    const documented = operations.map(([path, method]) => `${method} ${path}`).sort()
    const served = endpoints.map(({ operation }) => `${operation.method} /api/v1${operation.path}`)
    expect(documented).toEqual([...served, 'get /api/v1/openapi.json'].sort())
    const ids = operations.map(([, , operation]) => textOf(operation, 'operationId'))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('declares every parameter of a path, and only these', async () => {
    const { operations } = await readDescription()
    for (const [path, method, operation] of operations) {
      const parameters = (operation['parameters'] ?? []) as readonly Json[]
      const declared = parameters.filter((one) => one['in'] === 'path')
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect([method, path, declared.map(({ name }) => name)]).toEqual([method, path, named])
      expect(declared.every(({ required }) => required === true)).toBe(true)
    }
  })

  it('says how many items a page has', async () => {
    const { operations } = await readDescription()
    const limits = operations.flatMap(([, , operation]) =>
      ((operation['parameters'] ?? []) as readonly Json[]).filter(({ name }) => name === 'limit'),
    )
    expect(limits.length).toBeGreaterThan(7)
    for (const { schema, required } of limits) {
      expect([schema, required]).toMatchObject([
        { type: 'integer', minimum: 1, maximum: 200, default: 50 },
        false,
      ])
    }
  })

  it('has no reference that leads nowhere', async () => {
    const { document } = await readDescription()
    const references = objectsOf(document).flatMap((one) =>
      typeof one['$ref'] === 'string' ? [one['$ref']] : [],
    )
    expect(references.length).toBeGreaterThan(20)
    for (const reference of new Set(references)) {
      const steps = reference.replace(/^#\//, '').split('/')
      const target = steps.reduce<unknown>((at, step) => (at as Json | undefined)?.[step], document)
      expect([reference, typeof target]).toEqual([reference, 'object'])
    }
  })

  it('describes every answer: what is returned, and refusals as problems with known codes', async () => {
    const { operations } = await readDescription()
    for (const [path, method, operation] of operations) {
      const responses = operation['responses'] as Readonly<Record<string, Json>>
      const statuses = Object.keys(responses)
      expect(statuses.filter((status) => status < '300')).toHaveLength(1)
      for (const [status, response] of Object.entries(responses)) {
        expect(textOf(response, 'description')).not.toBe('')
        if (status < '400') continue
        expect(response['content']).toHaveProperty(['application/problem+json', 'schema'])
        const codes = [...textOf(response, 'description').matchAll(/^`([\w.]+)`/gm)]
        expect([path, method, status, codes.length > 0]).toEqual([path, method, status, true])
        for (const [, code] of codes) expect(Object.keys(registry)).toContain(code)
      }
    }
  })

  it('refuses unknown fields in every body and says which creates can be repeated', async () => {
    const { document, operations } = await readDescription()
    const schemas = (document['components'] as Json)['schemas'] as Readonly<Record<string, Json>>
    const bodies = operations.flatMap(([, , operation]) =>
      objectsOf(operation['requestBody']).flatMap((one) => one['$ref'] ?? []),
    )
    expect(bodies.length).toBeGreaterThan(7)
    for (const reference of bodies) {
      const name = String(reference).split('/').at(-1) ?? ''
      expect([name, schemas[name]?.['additionalProperties']]).toEqual([name, false])
    }
    const repeatable = operations.filter(([, , operation]) =>
      JSON.stringify(operation['parameters'] ?? []).includes('Idempotency-Key'),
    )
    expect(repeatable.map(([, , operation]) => operation['operationId']).sort()).toEqual([
      'addDomain',
      'createConnection',
      'createOrganization',
      'createReconcileRun',
      'createRecoveryLink',
      'createScimClient',
      'createScimClientSecret',
      'createScimToken',
      'createSetupLink',
      'createTestSignIn',
    ])
  })

  it('has patterns that other readers of JSON Schema understand', async () => {
    const { document } = await readDescription()
    const patterns = objectsOf(document).flatMap(({ pattern }) =>
      typeof pattern === 'string' ? [pattern] : [],
    )
    expect(patterns.length).toBeGreaterThan(0)
    for (const pattern of patterns) expect(pattern).toMatch(/^\^.*\$$/)
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow()
  })
})
