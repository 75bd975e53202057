import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Files of the console, by how `src/console` calls them. */
const served = {
  css: 'public/console.css',
  js: 'public/console.js',
  htmx: 'public/htmx.js',
} as const

/**
 * The console's static files: htmx as its package brings it, and the addresses of all with a digest of what is in
 * them, so that browsers may keep them for good and still get the ones of this version.
 * @returns what each file must hold, by path
 */
export function renderAssets(): readonly (readonly [path: string, content: string])[] {
  const htmx = readFileSync('node_modules/htmx.org/dist/htmx.min.js', 'utf8').replace(
    /\n?\/\/# sourceMappingURL=.*\s*$/,
    '\n',
  )
  const addresses = Object.entries(served).map(([name, path]) => {
    const content = name === 'htmx' ? htmx : readFileSync(path, 'utf8')
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 12)
    return `  ${name}: '${path.replace('public', '')}?${digest}',\n`
  })
  return [
    [served.htmx, htmx],
    [
      'src/console/assets.generated.ts',
      `/** Addresses of the console's static files (tools/gen-assets.ts). */\nexport const assets = {\n${addresses.join('')}} as const\n`,
    ],
  ]
}
