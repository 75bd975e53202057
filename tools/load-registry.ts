import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { ErrorEntry } from '../src/kernel/index.ts'

/**
 * Loads `src/errors.ts`. It reaches modules with JSX, which Node does not read, so it is bundled first.
 * @param scratch a folder for the bundle
 */
export async function loadRegistry(scratch: string): Promise<Readonly<Record<string, ErrorEntry>>> {
  const outfile = join(scratch, 'errors.mjs')
  buildSync({
    entryPoints: ['src/errors.ts'],
    bundle: true,
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
  const { registry } = (await import(outfile)) as { registry: Readonly<Record<string, ErrorEntry>> }
  return registry
}
