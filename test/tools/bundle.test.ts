import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { measureBundle, nodeImports, packageSizes } from '../../tools/bundle.ts'

describe('the bundle check', () => {
  it('adds up the gzipped sizes of all modules', () => {
    const a = Buffer.from('a'.repeat(10_000))
    const b = Buffer.from('export default {}')
    expect(
      measureBundle([
        { name: 'a.js', bytes: a },
        { name: 'b.js', bytes: b },
      ]),
    ).toEqual({
      rawBytes: a.length + b.length,
      gzipBytes: gzipSync(a).length + gzipSync(b).length,
    })
  })

  it.each([
    ['import{a}from"node:fs";', ['node:fs']],
    ['import "node:crypto"', ['node:crypto']],
    ["const a=await import('node:async_hooks')", ['node:async_hooks']],
    ['var a=require("node:fs/promises"),b=require("node:fs")', ['node:fs', 'node:fs/promises']],
  ])('sees a Node built-in in %s', (code, modules) => {
    expect(nodeImports(code)).toEqual(modules)
  })

  it('lets text pass that only mentions a Node built-in', () => {
    expect(nodeImports('const hint="use node:fs instead"; import {a} from "./node.js"')).toEqual([])
  })

  it('attributes bytes to packages, scoped ones too, and the rest to Portico', () => {
    const meta = {
      outputs: {
        'index.js': {
          inputs: {
            'src/index.ts': { bytesInOutput: 10 },
            'src/app.ts': { bytesInOutput: 5 },
            'node_modules/jose/dist/a.js': { bytesInOutput: 30 },
            'node_modules/@hono/zod-openapi/dist/index.js': { bytesInOutput: 20 },
          },
        },
      },
    }
    expect(packageSizes(meta)).toEqual([
      ['jose', 30],
      ['@hono/zod-openapi', 20],
      ['portico', 15],
    ])
  })
})
