import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { childElements, metadataPolicy, parseXml, type XmlElement } from '../../src/xml/index.ts'
import { cases } from '../support/cases.ts'
import { edited } from './edit.ts'
import { canonical, read, rootOf, unwrap } from './expect.ts'
import { plans, prefixLists, write } from './generate.ts'
import { elementChildren, libxml2Canonical, withLibxml2 } from './libxml2.ts'

const seed = 20_251_103

/** Thousands of documents through two readers on a busy machine. */
const timeout = 60_000

/** The element that a path of turns leads to, in a tree of any kind. */
function follow<T>(root: T, path: readonly number[], children: (element: T) => readonly T[]): T {
  let element = root
  for (const turn of path) {
    const inner = children(element)
    element = inner[turn % Math.max(1, inner.length)] ?? element
  }
  return element
}

const paths = fc.array(fc.nat(3), { maxLength: 4 })

/** Everything a signature must protect, whatever the order of attributes and the place of declarations. */
function meaning(element: XmlElement): unknown {
  const attributes = element.attributes.map(({ uri, prefix, local, value }) =>
    JSON.stringify([uri, prefix, local, value]),
  )
  return [
    [element.uri, element.prefix, element.local],
    attributes.sort(),
    element.children.map((child) => (typeof child === 'string' ? child : meaning(child))),
  ]
}

describe('the canonical form and libxml2', () => {
  it('C04 C05 C06 C07 C08 agree byte for byte on 3,000 generated trees', { timeout }, () => {
    const apexes = { inner: 0, listed: 0 }
    fc.assert(
      fc.property(plans, prefixLists, paths, (plan, prefixes, path) => {
        const source = write(plan)
        const ours = follow(rootOf(source), path, childElements)
        const theirs = withLibxml2(source, (root) =>
          libxml2Canonical(follow(root, path, elementChildren), prefixes),
        )
        if (path.length > 0) apexes.inner++
        if (prefixes.length > 0) apexes.listed++
        expect(canonical(ours, { prefixes })).toBe(theirs)
      }),
      { numRuns: cases(3000), seed },
    )
    expect(apexes.inner).toBeGreaterThan(cases(1000))
    expect(apexes.listed).toBeGreaterThan(cases(1000))
  })

  it('C01 agree byte for byte when one descendant is left out', { timeout }, () => {
    fc.assert(
      fc.property(plans, prefixLists, paths, (plan, prefixes, path) => {
        const source = write(plan)
        const root = rootOf(source)
        const without = follow(root, path, childElements)
        fc.pre(without !== root)
        const theirs = withLibxml2(source, (theirRoot) => {
          follow(theirRoot, path, elementChildren).remove()
          return libxml2Canonical(theirRoot, prefixes)
        })
        expect(canonical(root, { prefixes, without })).toBe(theirs)
      }),
      { numRuns: cases(500), seed },
    )
  })

  const folder = new URL('../fixtures/saml/', import.meta.url)
  const fixtures = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.startsWith('accepted/') && path.endsWith('.xml'),
  )
  const signed = ['Response', 'Assertion', 'SignedInfo', 'EntityDescriptor', 'LogoutRequest']
  const listed = ['xs', 'xsi', 'saml', 'samlp', 'ds', '#default']
  it.each(fixtures)('C12 C13 agree byte for byte on what may be signed in %s', (path) => {
    const source = readFileSync(new URL(path, folder), 'utf8').replace(/^\ufeff/, '')
    const { root } = unwrap(parseXml(source, metadataPolicy))
    withLibxml2(source, (theirRoot) => {
      const pending: [XmlElement, typeof theirRoot][] = [[root, theirRoot]]
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const [ours, theirs] = next
        for (const prefixes of signed.includes(ours.local) ? [[], listed] : [])
          expect(canonical(ours, { prefixes })).toBe(libxml2Canonical(theirs, prefixes))
        const inner = elementChildren(theirs)
        childElements(ours).forEach((child, i) => {
          const other = inner[i]
          if (other !== undefined) pending.push([child, other])
        })
      }
    })
  })
})

describe('the canonical form', () => {
  it('C09 is its own canonical form, and reads as the tree it was made from', { timeout }, () => {
    fc.assert(
      fc.property(plans, prefixLists, (plan, prefixes) => {
        const root = rootOf(write(plan))
        const form = canonical(root, { prefixes })
        const again = rootOf(form)
        expect(canonical(again, { prefixes })).toBe(form)
        expect(meaning(again)).toEqual(meaning(root))
      }),
      { numRuns: cases(1000), seed },
    )
  })

  it('C10 is shared by two trees that differ by an edit exactly when they mean the same', {
    timeout,
  }, () => {
    const pairs = { same: 0, different: 0 }
    fc.assert(
      fc.property(plans, edited, (plan, edit) => {
        const one = rootOf(write(plan))
        const other = read(write(edit(plan)))
        if (!other.ok) return
        const isSame = JSON.stringify(meaning(one)) === JSON.stringify(meaning(other.value.root))
        pairs[isSame ? 'same' : 'different']++
        expect(canonical(one) === canonical(other.value.root)).toBe(isSame)
      }),
      { numRuns: cases(3000), seed },
    )
    expect(pairs.same).toBeGreaterThan(cases(300))
    expect(pairs.different).toBeGreaterThan(cases(1000))
  })
})
