import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  builtInAttributes,
  compileExpression,
  defaultMapping,
  defaultTiers,
  expressionFunctions,
  namesRead,
  parseMapping,
  refusedFunctions,
  signatureOf,
} from '../../src/directory/index.ts'
import { limits } from '../../src/kernel/index.ts'

const guide = readFileSync('docs/guides/attributes.md', 'utf8')
const lines = guide.split('\n')

describe('docs/guides/attributes.md', () => {
  it('lists every function as it is', () => {
    const rows = expressionFunctions.map(
      (one) => `| \`${signatureOf(one)}\` | ${one.does} | \`${one.example}\` → ${one.gives} |`,
    )
    expect(rows.filter((row) => !lines.includes(row))).toEqual([])
    const named = lines.filter((line) => /^\| `\w+\(.*\)` \|/.test(line))
    expect(named).toHaveLength(rows.length)
  })

  it('lists every function that is refused, and why', () => {
    const rows = refusedFunctions.map(({ name, why }) => `| \`${name}\` | ${why} |`)
    expect(rows.filter((row) => !lines.includes(row))).toEqual([])
  })

  it('lists every built-in attribute with its names of Graph', () => {
    const missing = builtInAttributes.filter(({ key, label }) => {
      const row = lines.find((line) => line.startsWith(`| \`${key}\` | ${label} |`))
      const graph = namesRead(defaultMapping.rules[key], 'graph')
      return !graph.every((name) => row?.includes(`\`${name}\``))
    })
    expect(missing).toEqual([])
  })

  it('says the tiers and limits as they are', () => {
    expect(guide).toContain(JSON.stringify(defaultTiers).replaceAll(',', ', '))
    for (const limit of ['expressionLength', 'expressionValueLength', 'expressionItems'] as const) {
      expect(guide).toContain(limits[limit].toLocaleString('en'))
    }
  })

  it('has examples of a mapping and of expressions that are accepted', () => {
    const json = /^PUT .*\/mapping\n(\{[\s\S]*?\n\})/m.exec(guide)?.[1] ?? ''
    const { rules } = JSON.parse(json)
    const own = { ...builtInAttributes[0], key: 'costCenter' } as (typeof builtInAttributes)[0]
    expect(parseMapping(rules, [...builtInAttributes, own])).toEqual({ ok: true, value: rules })
    const table = guide.slice(guide.indexOf('| To get | Write |'), guide.indexOf('### Functions'))
    const written = [...table.matchAll(/^\| .*? \| `([^`]+)`/gm)].map(([, text = '']) => text)
    expect(written.length).toBeGreaterThan(5)
    expect(written.filter((text) => !compileExpression(text).ok)).toEqual([])
  })
})
