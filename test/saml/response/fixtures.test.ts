import { describe, expect, it } from 'vitest'
import { acceptedFixtures, refusedFixtures } from '../../support/fixtures.ts'
import { circumstancesOf } from './fixture-circumstances.ts'
import { outcome, receive } from './verifier.ts'

const accepted = acceptedFixtures()
const refused = refusedFixtures()

describe('every accepted document', () => {
  it.each(accepted.map((fixture) => [fixture.title, fixture] as const))(
    '%s',
    async (_title, { base64, params }) => {
      const verdict = await receive(base64, circumstancesOf(params))
      expect(outcome(verdict)).toBe('accepted')
      if (!verdict.ok) return
      const { expected } = params
      expect(verdict.value.nameId).toEqual(expected.nameId)
      expect(verdict.value.assertionId).toBe(expected.assertionId)
      expect(verdict.value.responseId).toBe(expected.responseId)
      expect(verdict.value.sessionIndex).toBe(expected.sessionIndex)
      expect(verdict.value.inResponseTo).toBe(params.requestId)
      const names = new Set(expected.attributes.map(({ name }) => name))
      expect(verdict.value.claims.all.map(({ name }) => name)).toEqual([...names])
      for (const { name, values } of verdict.value.claims.all) {
        const stated = expected.attributes.filter((attribute) => attribute.name === name)
        expect(values).toEqual(stated.flatMap((attribute) => attribute.values))
      }
    },
  )
})

describe('every refused document', () => {
  it.each(refused.map((fixture) => [fixture.title, fixture] as const))(
    '%s',
    async (_title, { base64, code, params }) => {
      expect(outcome(await receive(base64, circumstancesOf(params)))).toBe(code)
    },
  )
})
