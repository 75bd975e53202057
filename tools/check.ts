/**
 * `npm run check`: what must hold before a commit, in parallel; prints only what is wrong. Tries
 * properties on a tenth of the cases that `npm test` takes, which is what makes it quick.
 */
import { spawn } from 'node:child_process'

const node = process.execPath
const steps = [
  { name: 'format and lint', args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '.'] },
  { name: 'types of src', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'] },
  {
    name: 'types of tests and tools',
    args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tools.json'],
  },
  { name: 'migrations only expand', args: ['tools/check-migrations.ts'] },
  { name: 'generated files are fresh', args: ['tools/gen.ts', '--check'] },
  {
    name: 'architecture and unit tests',
    // Vitest leaves a core to itself; everything else here is done long before the tests are.
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--maxWorkers=2'],
  },
] as const

const startedAtMs = performance.now()
const outcomes = await Promise.all(steps.map(runStep))
console.log(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s in all`)
process.exit(outcomes.every((passed) => passed) ? 0 : 1)

function runStep({ name, args }: (typeof steps)[number]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PROPERTY_SHARE: '0.1', ...process.env },
    })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('close', (code) => {
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
      if (code !== 0) console.log(Buffer.concat(output).toString('utf8'))
      resolve(code === 0)
    })
  })
}
