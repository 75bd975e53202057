import { describe, expect, it } from 'vitest'
import { base64Decode } from '../../../src/kernel/index.ts'
import { checkOf } from '../../../src/saml/explain/check-table.ts'
import { explainResponse } from '../../../src/saml/explain/explain-response.ts'
import { acceptedFixtures, refusedFixtures } from '../../support/fixtures.ts'
import { context } from '../../support/saml-context.ts'
import { circumstancesOf } from '../response/fixture-circumstances.ts'
import { connection, login, outcome } from '../response/verifier.ts'

const fixtures = [
  ...acceptedFixtures().map(({ title, base64, params }) => ({
    title,
    base64,
    params,
    code: 'accepted',
  })),
  ...refusedFixtures(),
]

describe('every document is explained as it is judged', () => {
  it.each(fixtures.map((fixture) => [fixture.title, fixture] as const))(
    '%s',
    async (_title, { base64, code, params }) => {
      const circumstances = circumstancesOf(params)
      const { checks, verdict, seen } = await explainResponse(
        { message: base64Decode(base64) ?? new Uint8Array(), relayState: null },
        {
          connection: await connection(circumstances.connection),
          logins: circumstances.logins ?? [login],
          nowMs: circumstances.nowMs ?? context.nowMs,
        },
      )
      expect(outcome(verdict)).toBe(code)
      const states = checks.map(({ state }) => state)
      const failed = checks.filter(({ state }) => state === 'fail')
      if (verdict.ok) {
        expect(failed).toEqual([])
        expect(states).not.toContain('not_reached')
        return
      }
      expect(failed).toMatchObject([{ id: checkOf(verdict.failure), code }])
      const after = states.slice(states.indexOf('fail') + 1)
      expect(after.every((state) => state === 'not_reached')).toBe(true)
      // What nobody vouches for is never shown as a claim.
      if (verdict.failure.signed === null && seen.keyIds.length === 0) {
        expect(seen.claims).toBe(null)
      }
    },
  )
})
