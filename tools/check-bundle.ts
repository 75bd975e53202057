/**
 * `npm run build`: the Worker as it would be uploaded, held to its budget. With `-- --sizes` it also
 * prints what each dependency adds.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { budgetBytes, measureBundle, nodeImports, packageSizes } from './bundle.ts'

const outdir = 'dist/bundle'
const metafile = join(outdir, 'meta.json')

rmSync(outdir, { recursive: true, force: true })
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [
    ...['node_modules/wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--minify'],
    ...['--outdir', outdir, '--metafile', metafile],
  ],
  {
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' },
  },
)
if (status !== 0) {
  console.error(`${stdout}\n${stderr}`)
  process.exit(1)
}

const files = readdirSync(outdir)
  .filter((name) => /\.(m?js|wasm)$/.test(name))
  .map((name) => ({ name, bytes: readFileSync(join(outdir, name)) }))
const { rawBytes, gzipBytes } = measureBundle(files)
console.log(
  `Bundle: ${kilobytes(gzipBytes)} gzip, ${kilobytes(rawBytes)} raw; the budget is ${kilobytes(budgetBytes)} gzip.`,
)
if (process.argv.includes('--sizes')) {
  const meta: unknown = JSON.parse(readFileSync(metafile, 'utf8'))
  for (const [name, bytes] of packageSizes(meta))
    console.log(`${kilobytes(bytes).padStart(10)}  ${name}`)
}

const problems = files.flatMap(({ name, bytes }) =>
  nodeImports(bytes.toString('utf8')).map(
    (module) => `${name} imports ${module}: Portico runs without Node compatibility.`,
  ),
)
if (files.length === 0) problems.push('The dry run wrote no Worker.')
if (gzipBytes > budgetBytes) {
  problems.push(
    `The bundle is ${kilobytes(gzipBytes - budgetBytes)} over its budget. Look at npm run build -- --sizes.`,
  )
}
for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`
}
