import { gzipSync } from 'node:zlib'

/** What the whole Worker may weigh, gzipped; the platform's own limit is far higher, start-up time is not. */
export const budgetBytes = 400_000

export type BundleFile = { readonly name: string; readonly bytes: Uint8Array }

/** The bytes of all modules together, raw and gzipped each. */
export function measureBundle(files: readonly BundleFile[]): {
  readonly rawBytes: number
  readonly gzipBytes: number
} {
  return {
    rawBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    gzipBytes: files.reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0),
  }
}

/** Node built-ins that the bundle would load; text that only mentions one does not count. */
export function nodeImports(code: string): readonly string[] {
  const loads = code.matchAll(
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'`])(node:[\w/]+)\1/g,
  )
  return [...new Set([...loads].map((match) => match[2] ?? ''))].sort()
}

/** Minified bytes that each package, and our own code, adds; the largest first. From esbuild's metafile. */
export function packageSizes(meta: unknown): readonly (readonly [string, number])[] {
  const sizes = new Map<string, number>()
  for (const output of Object.values(record(record(meta)['outputs']))) {
    for (const [path, input] of Object.entries(record(record(output)['inputs']))) {
      const owner = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'portico'
      const bytes = record(input)['bytesInOutput']
      sizes.set(owner, (sizes.get(owner) ?? 0) + (typeof bytes === 'number' ? bytes : 0))
    }
  }
  return [...sizes].sort(([, a], [, b]) => b - a)
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
