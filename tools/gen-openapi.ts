import { join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * The OpenAPI description of the Admin API, made of the definitions that requests are checked by.
 * @param scratch a folder for the bundle: the definitions reach modules with JSX, which Node does not read
 */
export async function renderDescription(scratch: string): Promise<string> {
  const outfile = join(scratch, 'openapi.mjs')
  buildSync({
    entryPoints: ['tools/render-openapi.ts'],
    bundle: true,
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
  const { renderOpenApi } = (await import(outfile)) as { renderOpenApi: () => unknown }
  return `${JSON.stringify(renderOpenApi())}\n`
}
