/** Signed documents to start from, each with what its signer said in it. */
import { acceptedFixtures } from '../../support/fixtures.ts'
import {
  type BuildOptions,
  buildResponse,
  nameStyles,
  type Shape,
} from '../../support/saml-builder.ts'
import { permutations } from '../../support/xsw.ts'
import { circumstancesOf } from '../response/fixture-circumstances.ts'
import { type Circumstances, login, receive, type Verdict } from '../response/verifier.ts'

export type Seed = {
  readonly name: string
  readonly xml: string
  /** A document of another person by the same key. */
  readonly donor: string
  readonly circumstances: Circumstances
  /** What may be accepted: what was signed in the document or in the donor. */
  readonly signed: readonly string[]
}

/** Everything that a caller would act on, as text to compare; nothing of it may come from anybody but a key. */
export function summaryOf(verdict: Verdict): string {
  if (!verdict.ok) throw new Error(`a seed is refused: ${verdict.failure.code}`)
  const { claims, responseId: _unsigned, warnings: _dates, keyIds, ...said } = verdict.value
  return JSON.stringify({ ...said, claims: claims.all, signer: keyIds[0] })
}

const mallory = {
  nameId: 'mallory@contoso.example',
  id: '_a5000000-0000-4000-8000-0000000000ee',
  sessionIndex: '_a5000000-0000-4000-8000-0000000000ee',
} as const

async function seed(name: string, options: BuildOptions): Promise<Seed> {
  const circumstances: Circumstances = { connection: { keys: ['K', 'KE'] }, logins: [login] }
  const own = await buildResponse(options)
  const donor = await buildResponse({ ...options, assertion: { ...options.assertion, ...mallory } })
  const verdicts = await Promise.all([own, donor].map((d) => receive(d.base64, circumstances)))
  return {
    name,
    xml: own.xml,
    donor: donor.xml,
    circumstances,
    signed: verdicts.map(summaryOf),
  }
}

const shapes: readonly Shape[] = ['FA', 'FR', 'FB', 'FE', 'FU']

/** Shapes in all name styles, the wrapping permutations of each, and the committed documents. */
export async function loadSeeds(): Promise<readonly Seed[]> {
  const built = await Promise.all(
    shapes.flatMap((shape) =>
      (Object.keys(nameStyles) as (keyof typeof nameStyles)[]).map((names) =>
        seed(`${shape} ${names}`, { shape, names }),
      ),
    ),
  )
  const elliptic = await seed('FB ECDSA', { shape: 'FB', sign: { assertion: { key: 'KE' } } })
  const wrapped = permutations.flatMap(({ name, shapes: suited, apply }) =>
    suited.map((shape): Seed => {
      const plain = built.find((b) => b.name === `${shape} entra`) ?? elliptic
      return { ...plain, name: `${shape} ${name}`, xml: apply(plain.xml) }
    }),
  )
  const fixtures = await Promise.all(
    acceptedFixtures().map(async ({ name, xml, base64, params }): Promise<Seed> => {
      const circumstances = circumstancesOf(params)
      const signed = [summaryOf(await receive(base64, circumstances))]
      return { name, xml, donor: xml, circumstances, signed }
    }),
  )
  return [...built, ...built, elliptic, ...wrapped, ...fixtures]
}
