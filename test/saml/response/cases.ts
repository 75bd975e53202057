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
  /** Default: those of the table. */
  readonly shapes?: readonly Shape[]
  /** The code, or one per shape, or several where the row allows them; `accepted` for must-stay rows. */
  readonly code: string | readonly string[] | Readonly<Partial<Record<Shape, string>>>
}

/** Rows about signatures and structure run on all three. */
const plainShapes: readonly Shape[] = ['FA', 'FR', 'FB']
/** What is judged after the signatures differs only by whether the Response has one. */
export const judgedShapes: readonly Shape[] = ['FA', 'FR']

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

type Control = NonNullable<Case['control']>
const plain: Control = {}
const controls = new Map<Control, Map<Shape, Promise<string>>>()

/** The accepted twin: its text, once per run for all cases that share it. */
function acceptedTwin(control: Control, shape: Shape): Promise<string> {
  const byShape = controls.get(control) ?? new Map<Shape, Promise<string>>()
  controls.set(control, byShape)
  const known = byShape.get(shape) ?? receiveTwin(control, shape)
  byShape.set(shape, known)
  return known
}

async function receiveTwin(control: Control, shape: Shape): Promise<string> {
  const { xml, base64 } = await buildResponse({ ...control.build, shape })
  expect(outcome(await receive(base64, control.circumstances))).toBe('accepted')
  return xml
}

/** @param shapes of the cases that name none */
export function runCases(cases: readonly Case[], shapes: readonly Shape[] = plainShapes): void {
  for (const test of cases) {
    for (const shape of test.shapes ?? shapes) {
      it(`${test.row} ${test.name} (${shape})`, async () => {
        const good = await acceptedTwin(test.control ?? plain, shape)
        const base: BuildOptions = { ...test.control?.build, shape }
        const { mutate } = test
        const bad = await buildResponse(
          join({ ...base, ...(mutate && { afterSigning: mutate }) }, test.build ?? {}),
        )
        if (test.circumstances === undefined) expect(bad.xml).not.toBe(good)
        const verdict = await receive(bad.base64, {
          ...test.control?.circumstances,
          ...test.circumstances,
        })
        expect(codesFor(test.code, shape)).toContain(outcome(verdict))
      })
    }
  }
}
