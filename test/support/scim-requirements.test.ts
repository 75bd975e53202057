import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scimPage } from '../../tools/conformance-pages.ts'
import { type Rfc, requirements, rfcs, sectionsOf } from './scim-requirements/index.ts'

/**
 * How often the words MUST, SHALL, SHOULD, REQUIRED and RECOMMENDED (also negated) stand in each section of
 * the RFCs; the definition of the words and the example schemas, which repeat them, are apart.
 */
const keywords: Readonly<Record<Rfc, Readonly<Record<string, number>>>> = {
  '7643': {
    ...{ '1.1': 1, '1.2': 1, '2.1': 2, '2.2': 1, '2.3': 1, '2.3.4': 1, '2.3.5': 3, '2.3.6': 1 },
    ...{ '2.3.7': 4, '2.3.8': 2, '2.4': 7, '2.5': 1, '3': 6, '3.1': 15, '3.3': 5, '4.1.1': 13 },
    ...{ '4.1.2': 14, '4.2': 1, '4.3': 2, '5': 20, '6': 11, '7': 16, '9.2': 2, '10.2.1': 2 },
    ...{ '10.3.1': 5 },
  },
  '7644': {
    ...{ '1.2': 1, '1.3': 1, '2': 6, '2.1': 4, '3.1': 4, '3.2': 5, '3.3': 6, '3.3.1': 1 },
    ...{ '3.4.2': 7, '3.4.2.1': 4, '3.4.2.2': 15, '3.4.2.3': 3, '3.4.2.4': 4, '3.4.2.5': 5 },
    ...{ '3.4.3': 8, '3.5': 2, '3.5.1': 8, '3.5.2': 16, '3.5.2.1': 5, '3.5.2.2': 6, '3.5.2.3': 5 },
    ...{ '3.6': 5, '3.7': 13, '3.7.1': 1, '3.7.2': 2, '3.7.3': 4, '3.7.4': 3, '3.8': 5, '3.9': 3 },
    ...{
      '3.10': 1,
      '3.11': 2,
      '3.12': 8,
      '3.13': 3,
      '3.14': 2,
      '4': 5,
      '5': 1,
      '7.1': 1,
      '7.2': 3,
    },
    ...{ '7.3': 1, '7.4': 4, '7.5.1': 1, '7.5.2': 3, '7.7': 3, '7.8': 1, '8.1': 1 },
  },
  '9865': {
    ...{ '2': 9, '2.1': 2, '2.2': 1, '2.4': 2, '2.5': 1, '4': 4, '5.2': 4, '5.3': 1, '5.5': 1 },
  },
}

/** Those of them that ask nothing of a service provider, and of whom they ask it. */
const ofOthers: Readonly<Record<Rfc, Readonly<Record<string, readonly [number, string]>>>> = {
  '7643': {
    '1.1': [1, 'readers: the quotes around values are not part of them'],
    '10.2.1': [2, 'the registry'],
    '10.3.1': [5, 'authors of schemas'],
  },
  '7644': {
    '3.1': [1, 'clients'],
    '3.2': [1, 'clients'],
    '3.4.2.4': [1, 'clients'],
    '3.5.2': [1, 'clients'],
    '3.8': [1, 'clients'],
    '3.10': [1, 'clients'],
    '3.12': [3, 'clients that follow a redirect'],
    '7.1': [1, 'clients'],
    '7.2': [1, 'clients'],
    '7.5.2': [2, 'clients'],
  },
  '9865': {
    '2': [4, 'clients'],
    '2.1': [1, 'clients'],
    '4': [1, 'clients'],
    '5.2': [1, 'clients'],
    '5.5': [1, 'readers: documents on TLS and HTTP'],
  },
}

describe('the list of requirements', () => {
  it.each(Object.keys(rfcs) as Rfc[])('accounts for every keyword of RFC %s', (rfc) => {
    const counted = Object.keys(keywords[rfc]).map((section) => {
      const own = requirements.filter((one) => one.rfc === rfc && one.section === section).length
      return [section, own + (ofOthers[rfc][section]?.[0] ?? 0)]
    })
    expect(Object.fromEntries(counted)).toEqual(keywords[rfc])
    expect(sectionsOf(rfc).filter(({ section }) => !(section in keywords[rfc]))).toEqual([])
  })

  it('has letters without gaps', () => {
    for (const [, asked] of Map.groupBy(requirements, ({ rfc, section }) => `${rfc} ${section}`)) {
      const letters = asked.map(({ id }) => id.split('-')[2])
      expect(letters).toEqual([...'abcdefghijklmnopqrstuvwxyz'].slice(0, letters.length))
    }
  })

  it('says each thing in a few words, and why it is waived', () => {
    for (const { id, says, waived } of requirements) {
      expect(says.length, id).toBeGreaterThan(9)
      expect(says.length, id).toBeLessThan(100)
      if (waived !== undefined) expect(waived.length, id).toBeGreaterThan(15)
    }
  })
})

describe('the tests', () => {
  const named = namedInSources()

  it('name only requirements that there are', () => {
    const known = new Set(requirements.map(({ id }) => id))
    expect([...named].filter(([id]) => !known.has(id))).toEqual([])
  })

  it('name every requirement that is not waived', () => {
    const missing = requirements.filter(({ id, waived }) => waived === undefined && !named.has(id))
    expect(missing.map(({ id, says }) => `${id} ${says}`)).toEqual([])
  })

  it('name none that is waived', () => {
    const both = requirements.filter(({ id, waived }) => waived !== undefined && named.has(id))
    expect(both.map(({ id }) => id)).toEqual([])
  })
})

/** The ids in the titles of the test sources, with the files that name them. */
function namedInSources(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const name of readdirSync('test', { recursive: true, encoding: 'utf8' })) {
    if (!/\.test\.ts$/.test(name) || name === join('tools', 'conformance-page.test.ts')) continue
    const text = readFileSync(join('test', name), 'utf8')
    for (const [, , title = ''] of text.matchAll(/(['"`])((?:(?!\1)[^\\\n]|\\.)*\])\1/g)) {
      for (const id of scimPage.readTitle(title).ids) {
        found.set(id, [...(found.get(id) ?? []), name])
      }
    }
  }
  return found
}
