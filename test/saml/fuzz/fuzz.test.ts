import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cases } from '../../support/cases.ts'
import { libxml2Verifies } from '../../support/opinions.ts'
import { outcome, receive } from '../response/verifier.ts'
import { type Dice, type MutatorName, mutatorNames, mutators } from './mutators.ts'
import { elementsIn, localName, parseRaw, writeRaw } from './raw-tree.ts'
import { loadSeeds, type Seed, summaryOf } from './seeds.ts'

const numRuns = Number(process.env['FUZZ_CASES'] ?? cases(5000))
const seed = Number(process.env['FUZZ_SEED'] ?? 20261124)

const seeds = await loadSeeds()

type Step = readonly [MutatorName, Dice]

function mutate({ xml, donor }: Seed, steps: readonly Step[]): string {
  const work = { nodes: parseRaw(xml), donor: parseRaw(donor) }
  for (const [name, dice] of steps) mutators[name](work, dice)
  return writeRaw(work.nodes)
}

function receiveText(xml: string, { circumstances }: Seed) {
  return receive(Buffer.from(xml).toString('base64'), circumstances)
}

/** The signed elements of an accepted document, and the keys that may have signed them. */
function signaturesIn(xml: string, { circumstances }: Seed) {
  const root = elementsIn(parseRaw(xml))[0]?.element
  const children = (root?.children ?? []).filter((child) => typeof child !== 'string')
  const assertion = children.find((child) => localName(child) === 'Assertion')
  const signed = [root, assertion].filter((element) =>
    element?.children.some(
      (child) => typeof child !== 'string' && localName(child) === 'Signature',
    ),
  )
  const keys = circumstances.connection?.keys ?? ['K']
  return signed.map((element) => {
    const id = element?.attributes.find(({ name }) => name === 'ID')?.value ?? ''
    return { id, keys }
  })
}

const die = fc.nat(0xffff)
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...mutatorNames),
  fc.record({ a: die, b: die, c: die }),
)
const mutation = fc.record({
  seed: fc.constantFrom(...seeds.keys()),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
})

describe('mutated signed documents', () => {
  it('say the same when they are written back without a mutation', async () => {
    for (const start of seeds) {
      const before = await receiveText(start.xml, start)
      const after = await receiveText(mutate(start, []), start)
      expect(outcome(after)).toBe(outcome(before))
      if (before.ok) expect(summaryOf(after)).toBe(summaryOf(before))
    }
  })

  it('are accepted only with the claims that a key signed, which libxml2 confirms, and never throw', {
    timeout: 60_000 + numRuns * 60,
  }, async () => {
    const outcomes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(mutation, async (drawn) => {
        const start = seeds[drawn.seed]
        if (start === undefined) throw new Error('no such seed')
        const xml = mutate(start, drawn.steps)
        const verdict = await receiveText(xml, start)
        const code = outcome(verdict)
        outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
        if (!verdict.ok) return
        expect(start.signed, xml).toContain(summaryOf(verdict))
        // libxml2 reads no document with an xml:id that is no name; to XML it is an attribute like any other, and
        // no seed has one where it is signed.
        const readable = xml.replaceAll(/\sxml:id\s*=\s*(?:"[^"]*"|'[^']*')/g, '')
        for (const { id, keys } of signaturesIn(xml, start)) {
          // WebCrypto throws for a key of the other family, which is not the one then.
          const opinions = await Promise.all(
            keys.map((key) => libxml2Verifies(readable, id, key).catch(() => false)),
          )
          expect(opinions, xml).toContain(true)
        }
      }),
      { numRuns, seed, endOnFailure: false },
    )
    if (process.env['FUZZ_REPORT'] === 'yes') {
      for (const [code, count] of [...outcomes].sort((a, b) => b[1] - a[1])) {
        console.log(String(count).padStart(8), code)
      }
    }
    // A fuzzer that only ever breaks documents proves nothing about what is accepted.
    expect(outcomes.get('accepted') ?? 0).toBeGreaterThan(numRuns / 50)
    expect(outcomes.size).toBeGreaterThan(Math.min(15, numRuns / 100))
  })
})
