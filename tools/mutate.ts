/**
 * `npm run mutate`: takes out the guards of the verifier and its doors one at a time, in copies of the tree,
 * and runs the unit tests, then those of the Worker where it has some. A guard whose absence no test notices is either untested or dead.
 *
 *   npm run mutate                         all of xml, xmldsig, xmlenc and saml
 *   npm run mutate -- xmldsig saml/checks  only files whose path under src/ begins so
 *   npm run mutate -- --list               only lists the guards
 *
 * Writes `reports/mutation.json`; ends with 1 when a guard was not missed.
 */
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { applyMutation, findGuards, type Mutation } from './mutations.ts'

/** Folders with the verifier, each with the folders of tests that speak of it; nearest first. */
const verifier: Readonly<Record<string, readonly string[]>> = {
  xml: ['test/xml', 'test/xmldsig', 'test/saml'],
  xmldsig: ['test/xmldsig', 'test/saml', 'test/xmlenc'],
  xmlenc: ['test/xmlenc', 'test/saml'],
  saml: ['test/saml', 'test/worker'],
}
const copied = [
  ...['src', 'test', 'tools', 'simulator', 'migrations', 'docs', 'package.json'],
  ...['tsconfig.json', 'vitest.config.ts', 'wrangler.toml'],
]
/** A mutant that runs longer than this in one folder has lost the end of a loop, which counts as noticed. */
const timeoutMs = 240_000

type Guard = { readonly path: string; readonly mutation: Mutation }
type Verdict = 'noticed' | 'not noticed'

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const guards = Object.keys(verifier)
  .flatMap((folder) => sourcesOf(join('src', folder)))
  .filter((path) => wanted.length === 0 || wanted.some((start) => path.startsWith(`src/${start}`)))
  .flatMap((path) =>
    findGuards(readFileSync(path, 'utf8')).map((mutation): Guard => ({ path, mutation })),
  )

if (process.argv.includes('--list')) {
  for (const guard of guards) console.log(describe(guard))
} else {
  const verdicts = await judge()
  report(verdicts)
}

async function judge(): Promise<ReadonlyMap<Guard, Verdict>> {
  const verdicts = new Map<Guard, Verdict>()
  const queue = [...guards]
  const copies = Array.from({ length: Math.max(1, availableParallelism() - 1) }, makeCopy)
  try {
    const folders = new Set(guards.flatMap(({ path }) => foldersOf(path)))
    for (const folder of folders) {
      const isBroken = await testsNotice(copies[0] ?? '', { folder })
      if (isBroken) throw new Error(`${folder} fails without any mutation; mend it first.`)
    }
    await Promise.all(
      copies.map(async (copy) => {
        for (let guard = queue.shift(); guard !== undefined; guard = queue.shift()) {
          const verdict = await tryWithout(guard, copy)
          verdicts.set(guard, verdict)
          console.log(`${verdicts.size}/${guards.length} ${verdict}: ${describe(guard)}`)
        }
      }),
    )
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true })
  }
  return verdicts
}

/** Runs the nearest tests first: most guards are missed there, in a second or two. */
async function tryWithout({ path, mutation }: Guard, copy: string): Promise<Verdict> {
  const file = join(copy, path)
  const source = readFileSync(file, 'utf8')
  try {
    writeFileSync(file, applyMutation(source, mutation))
    const [nearest, ...others] = foldersOf(path)
    if (nearest === undefined) return 'not noticed'
    // Thousands of generated cases take longer than everything else, and seldom see what nothing else does.
    const attempts = [{ folder: nearest, isQuick: true }, { folder: nearest }]
    for (const attempt of [...attempts, ...others.map((folder) => ({ folder }))]) {
      if (await testsNotice(copy, attempt)) return 'noticed'
    }
    return 'not noticed'
  } finally {
    writeFileSync(file, source)
  }
}

function testsNotice(
  copy: string,
  { folder, isQuick = false }: { readonly folder: string; readonly isQuick?: boolean },
): Promise<boolean> {
  return new Promise((resolve) => {
    const project = folder === 'test/worker' ? 'worker' : 'unit'
    const child = spawn(
      process.execPath,
      [
        ...['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--reporter=dot'],
        ...['--project', project, folder],
        ...(isQuick ? ['--exclude', '**/*{propert,fuzz}*'] : []),
      ],
      { cwd: copy, stdio: 'ignore', env: { ...process.env, FUZZ_CASES: '300' }, detached: true },
    )
    // The whole group: a worker of vitest in an endless loop does not end with its parent.
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), timeoutMs)
    child.once('exit', (code) => {
      clearTimeout(timer)
      resolve(code !== 0)
    })
  })
}

/** A copy of what the tests need; only `src/` is ever changed in it. */
function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'portico-mutate-'))
  for (const name of copied) cpSync(name, join(copy, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
  return copy
}

function foldersOf(path: string): readonly string[] {
  return (verifier[path.split('/')[1] ?? ''] ?? []).filter((folder) => existsSync(folder))
}

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('errors.ts'))
    .map((name) => join(folder, name))
    .sort()
}

function describe({ path, mutation }: Guard): string {
  return `${path}:${mutation.line} ${mutation.condition}`
}

function report(verdicts: ReadonlyMap<Guard, Verdict>): void {
  console.log('\nfolder     guards  load-bearing')
  for (const folder of Object.keys(verifier)) {
    const mine = [...verdicts].filter(([{ path }]) => path.startsWith(`src/${folder}/`))
    const noticed = mine.filter(([, verdict]) => verdict === 'noticed').length
    console.log(
      `${folder.padEnd(10)} ${String(mine.length).padStart(6)} ${String(noticed).padStart(13)}`,
    )
  }
  const missed = [...verdicts].filter(([, verdict]) => verdict === 'not noticed')
  if (missed.length > 0) console.log('\nNo test notices when these are gone:')
  for (const [guard] of missed) console.log(`  ${describe(guard)}`)
  const rows = [...verdicts].map(([{ path, mutation }, verdict]) => ({
    path,
    line: mutation.line,
    condition: mutation.condition,
    verdict,
  }))
  mkdirSync('reports', { recursive: true })
  writeFileSync('reports/mutation.json', `${JSON.stringify(rows, null, 2)}\n`)
  process.exitCode = missed.length > 0 ? 1 : 0
}
