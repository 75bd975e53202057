import fc from 'fast-check'
import { XmlParseError } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/kernel/index.ts'
import { metadataPolicy, parseXml, parseXmlBytes, type XmlPolicy } from '../../src/xml/index.ts'
import { cases } from '../support/cases.ts'
import { plans, write } from './generate.ts'
import { libxml2Shape, ourShape, withLibxml2 } from './libxml2.ts'

const seed = 20_251_103

/** Thousands of documents through two readers on a busy machine. */
const timeout = 60_000

const insertions = [
  '<',
  '>',
  '/',
  '&',
  '"',
  "'",
  '=',
  ':',
  ' ',
  '\r',
  '\t',
  ';',
  ']]>',
  '<!--',
  '-->',
  '<!-- x -->',
  '<![CDATA[',
  '<?x y?>',
  '<?xml version="1.0"?>',
  '<!DOCTYPE a>',
  '&amp;',
  '&#65;',
  '&#0;',
  '&x;',
  '<a>',
  '</a>',
  '<a/>',
  '<p:a>',
  ' b="1"',
  ' xmlns=""',
  ' xmlns:p="urn:p"',
  ' xmlns:p=""',
  ' p:b="2"',
  ' xmlns:xml="urn:x"',
  ' xmlns:a="1"',
  'p:',
  '\u0000',
  '\u0085',
  '\ufeff',
  '\ufffe',
  '\ud800',
  'Ａ',
  '\u0301',
  '1',
  '-',
  '.',
  '__proto__',
  'xmlns:',
]
const edits = fc.array(
  fc.record({
    at: fc.nat(10_000),
    remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(6)),
    insert: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...insertions) }, fc.constant('')),
  }),
  { minLength: 1, maxLength: 3 },
)

type Edit = { readonly at: number; readonly remove: number; readonly insert: string }

function mutate(source: string, changes: readonly Edit[]): string {
  let text = source
  for (const { at, remove, insert } of changes) {
    const start = at % (text.length + 1)
    text = text.slice(0, start) + insert + text.slice(start + remove)
  }
  return text
}

/** Whatever is accepted, libxml2 accepts too, and reads the same. */
function expectAgreement(source: string, policy?: XmlPolicy): boolean {
  const result = parseXml(source, policy)
  const steps = result.ok ? result.value.steps : result.failure.steps
  expect(steps).toBeLessThanOrEqual(20 * source.length + 100)
  if (!result.ok) return false
  try {
    const theirs = withLibxml2(source, libxml2Shape)
    expect(ourShape(result.value.root)).toEqual(theirs)
  } catch (error) {
    // libxml2 parses a namespace name as a URI, port and all; to XML it is an opaque string.
    if (!(error instanceof XmlParseError) || !error.message.includes('is not a valid URI'))
      throw error
  }
  return true
}

describe('the reader and libxml2', () => {
  it('read every generated document alike', { timeout }, () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(expectAgreement(write(plan))).toBe(true)
      }),
      { numRuns: cases(1000), seed },
    )
  })

  it('X22 agree on every mutated document that ours accepts', { timeout }, () => {
    let accepted = 0
    fc.assert(
      fc.property(plans, edits, (plan, changes) => {
        const source = mutate(write(plan), changes)
        if (expectAgreement(source)) accepted++
        if (expectAgreement(source, metadataPolicy)) accepted++
      }),
      { numRuns: cases(4000), seed },
    )
    expect(accepted).toBeGreaterThan(cases(1000))
  })
})

describe('the reader', () => {
  it('T07 answers any octets without throwing', { timeout }, () => {
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc
        .tuple(plans, fc.nat(10_000), fc.uint8Array({ maxLength: 4 }))
        .map(([plan, at, inserted]) => {
          const source = utf8(write(plan))
          const start = at % (source.length + 1)
          return Uint8Array.from([
            ...source.slice(0, start),
            ...inserted,
            ...source.slice(start + 2),
          ])
        }),
    )
    fc.assert(
      fc.property(octets, (source) => {
        const result = parseXmlBytes(source)
        if (result.ok) expectAgreement(new TextDecoder('utf-8', { fatal: true }).decode(source))
      }),
      { numRuns: cases(3000), seed },
    )
  })

  it('X17 answers any text without throwing', { timeout }, () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...insertions)).map((parts) => parts.join('')),
      fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    )
    fc.assert(
      fc.property(text, (source) => {
        expectAgreement(source)
        expectAgreement(`<a>${source}</a>`, metadataPolicy)
        expectAgreement(`<a b="${source}"/>`)
      }),
      { numRuns: cases(2000), seed },
    )
  })
})
