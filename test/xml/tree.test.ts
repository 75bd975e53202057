import { describe, expect, it } from 'vitest'
import type { XmlElement } from '../../src/xml/index.ts'
import { find, rootOf } from './expect.ts'

const source =
  '<r xmlns="urn:r" xmlns:p="urn:p" a="1" p:b="2"><leaf>text</leaf><empty/><p:x xmlns:q="urn:q" q:c="3">' +
  '<deep d="4">more</deep></p:x></r>'

/** Every object and array that can be reached from an element. */
function reachable(root: XmlElement): readonly object[] {
  const seen = new Set<object>()
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    pending.push(...Object.values(next))
  }
  return [...seen]
}

describe('the tree', () => {
  it('is frozen in every part', () => {
    const parts = reachable(rootOf(source))
    expect(parts.length).toBeGreaterThan(20)
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([])
  })

  it('throws at whoever tries to change it', () => {
    const leaf = find(rootOf(source), 'leaf')
    expect(() => Reflect.apply(Array.prototype.push, leaf.children, ['evil'])).toThrow(TypeError)
    expect(Reflect.set(leaf, 'local', 'evil')).toBe(false)
    expect(Reflect.set(leaf.children, 0, 'evil')).toBe(false)
    expect(leaf.children).toEqual(['text'])
  })

  it('lists attributes and declarations in document order, apart from each other', () => {
    const root = rootOf(source)
    expect(root.attributes).toEqual([
      { name: 'a', uri: '', local: 'a', prefix: '', value: '1' },
      { name: 'p:b', uri: 'urn:p', local: 'b', prefix: 'p', value: '2' },
    ])
    expect(root.namespaces).toEqual([
      { prefix: '', uri: 'urn:r' },
      { prefix: 'p', uri: 'urn:p' },
    ])
  })

  it('shares the bindings of a parent with children that declare nothing', () => {
    const root = rootOf(source)
    expect(find(root, 'leaf').scope).toBe(root.scope)
    expect(find(root, 'deep').scope).toBe(find(root, 'x').scope)
    expect(find(root, 'x').scope).toEqual([...root.scope, { prefix: 'q', uri: 'urn:q' }])
  })
})
