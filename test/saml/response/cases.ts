/** Runs a table of refusals: each case on each shape, together with the same message without the defect. */
import { expect, it } from 'vitest'
import { type BuildOptions, buildResponse, type Shape } from '../../support/saml-builder.ts'
import { type Circumstances, outcome, receive } from './verifier.ts'

export type Case = {
  /** Rows of the conformance table, separated by spaces. */
  readonly row: string
  readonly name: string
  /** The defect built in and then signed with the pinned key. */
  readonly build?: BuildOptions
  /** The defect made after signing, by somebody without a key. */
  readonly mutate?: (xml: string) => string
  readonly circumstances?: Circumstances
  /** What differs from the default in the accepted twin too. */
  readonly control?: { readonly build?: BuildOptions; readonly circumstances?: Circumstances }
  /** Default: FA, FR and FB. */
  readonly shapes?: readonly Shape[]
  /** The code, or one per shape, or several where the row allows them; `accepted` for must-stay rows. */
  readonly code: string | readonly string[] | Readonly<Partial<Record<Shape, string>>>
}

export const plainShapes: readonly Shape[] = ['FA', 'FR', 'FB']

function codesFor(code: Case['code'], shape: Shape): readonly string[] {
  if (typeof code === 'string') return [code]
  if (Array.isArray(code)) return code
  const own = (code as Partial<Record<Shape, string>>)[shape]
  if (own === undefined) throw new Error(`no code for ${shape}`)
  return [own]
}

/** Options of the case over those of its twin; the parts that are objects are joined one level deep. */
function join(base: BuildOptions, defect: BuildOptions): BuildOptions {
  return {
    ...base,
    ...defect,
    ...(base.response && { response: { ...base.response, ...defect.response } }),
    ...(base.assertion && { assertion: { ...base.assertion, ...defect.assertion } }),
  }
}

export function runCases(cases: readonly Case[]): void {
  for (const test of cases) {
    for (const shape of test.shapes ?? plainShapes) {
      it(`${test.row} ${test.name} (${shape})`, async () => {
        const base: BuildOptions = { ...test.control?.build, shape }
        const good = await buildResponse(base)
        expect(outcome(await receive(good.base64, test.control?.circumstances))).toBe('accepted')

        const { mutate } = test
        const bad = await buildResponse(
          join({ ...base, ...(mutate && { afterSigning: mutate }) }, test.build ?? {}),
        )
        if (test.circumstances === undefined) expect(bad.xml).not.toBe(good.xml)
        const verdict = await receive(bad.base64, {
          ...test.control?.circumstances,
          ...test.circumstances,
        })
        expect(codesFor(test.code, shape)).toContain(outcome(verdict))
      })
    }
  }
}
