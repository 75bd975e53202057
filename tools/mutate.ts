/**
 * `npm run mutate`: takes out the guards of the verifier and its doors one at a time, in a copy of the tree,
 * and runs the tests that make the guard refuse: the quickest first, the Worker's last. A guard whose absence
 * no test notices is either untested or dead; those of `tools/equivalent-guards.ts` are left out, with reasons.
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
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { equivalentGuards } from './equivalent-guards.ts'
import { applyMutation, findGuards, type Mutation, recordRefusals } from './mutations.ts'
import {
  type Attempt,
  planAttempts,
  readOutcome,
  readWitnesses,
  type TestReport,
  type Witness,
} from './test-report.ts'

const verifier = ['xml', 'xmldsig', 'xmlenc', 'saml']
/** Tests that speak of SAML: of the pure modules, and of the Worker without provisioning. */
const near: Run = {
  project: 'unit',
  files: verifier.flatMap((folder) => testsOf(`test/${folder}`, true)),
}
const far: Run = {
  project: 'worker',
  files: [...testsOf('test/worker'), ...testsOf('test/worker/admin', true)],
}
const copied = [
  ...['src', 'test', 'tools', 'simulator', 'migrations', 'docs', 'package.json'],
  ...['tsconfig.json', 'vitest.config.ts', 'wrangler.toml'],
]
/**
 * A mutant that runs longer than this has lost the end of a loop, which a hanging test would show as well. The
 * first run is of a few tests only.
 */
const timeoutMs = { few: 90_000, files: 180_000 }
const recordingMs = 1_800_000

type Run = { readonly project: 'unit' | 'worker'; readonly files: readonly string[] }
type Witnesses = ReadonlyMap<number, readonly Witness[]>
type Guard = { readonly id: number; readonly path: string; readonly mutation: Mutation }
type Verdict = 'noticed' | 'endless' | 'equivalent' | 'not noticed' | 'unclear'
type Outcome = 'failed' | 'passed' | 'unclear' | 'timeout'

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const guards = verifier
  .flatMap((folder) => sourcesOf(join('src', folder)))
  .filter((path) => wanted.length === 0 || wanted.some((start) => path.startsWith(`src/${start}`)))
  .flatMap((path) => findGuards(readFileSync(path, 'utf8')).map((mutation) => ({ path, mutation })))
  .map((guard, id): Guard => ({ id, ...guard }))

if (process.argv.includes('--list')) {
  for (const guard of guards) console.log(describe(guard))
} else {
  report(await judge())
}

/** The Worker's tests take minutes, so they are recorded beside, and tried where no other test notices. */
async function judge(): Promise<ReadonlyMap<Guard, Verdict>> {
  const verdicts = new Map<Guard, Verdict>()
  const tell = (guard: Guard, verdict: Verdict) => {
    verdicts.set(guard, verdict)
    console.log(`${verdicts.size}/${guards.length} ${verdict}: ${describe(guard)}`)
  }
  const copy = makeCopy()
  const second = makeCopy()
  try {
    const isAtDoor = guards.some(({ path }) => path.startsWith('src/saml/'))
    const recorded = isAtDoor ? record(second, far) : Promise.resolve(new Map())
    recorded.catch(() => {}) // told where it is awaited
    const nearest = await record(copy, near)
    const left = new Map<Guard, Verdict>()
    for (const guard of guards) {
      if (isEquivalent(guard)) tell(guard, 'equivalent')
      else {
        const verdict = await tryWithout(guard, copy, nearest.get(guard.id) ?? [])
        if (verdict === 'noticed' || verdict === 'endless') tell(guard, verdict)
        else left.set(guard, verdict)
      }
    }
    const witnesses: Witnesses = await recorded
    for (const [guard, before] of left) {
      const verdict = await tryWithout(guard, copy, witnesses.get(guard.id) ?? [])
      tell(guard, verdict === 'not noticed' ? before : verdict)
    }
  } finally {
    for (const one of [copy, second]) rmSync(one, { recursive: true, force: true })
  }
  return verdicts
}

/** Runs tests once with guards that tell when they refuse, and says which tests made which of them do so. */
async function record(copy: string, { project, files }: Run): Promise<Witnesses> {
  for (const [path, mine] of Map.groupBy(guards, ({ path }) => path)) {
    writeFileSync(join(copy, path), recordRefusals(readFileSync(path, 'utf8'), mine))
  }
  const { report } = await runTests(copy, {
    args: ['--config', 'tools/record-config.ts', '--root', '.', '--project', project, ...files],
    maxMs: recordingMs,
  })
  if (report === null) throw new Error(`The ${project} tests cannot be run.`)
  const { broken, witnesses } = readWitnesses(report, realpathSync(copy))
  for (const file of broken) console.log(`left out, since it fails without a mutation: ${file}`)
  for (const { path } of guards) cpSync(path, join(copy, path))
  return witnesses
}

async function tryWithout(
  { path, mutation }: Guard,
  copy: string,
  witnesses: readonly Witness[],
): Promise<Verdict> {
  const file = join(copy, path)
  const source = readFileSync(file, 'utf8')
  let isClear = true
  try {
    writeFileSync(file, applyMutation(source, mutation))
    for (const attempt of planAttempts(witnesses)) {
      const outcome = await tryTests(copy, attempt)
      if (outcome === 'failed') return 'noticed'
      if (outcome === 'timeout') return 'endless'
      if (outcome === 'unclear') isClear = false
    }
    return isClear ? 'not noticed' : 'unclear'
  } finally {
    writeFileSync(file, source)
  }
}

async function tryTests(copy: string, { files, pattern }: Attempt): Promise<Outcome> {
  const project = files[0]?.startsWith('test/worker/') === true ? 'worker' : 'unit'
  const names = pattern === undefined ? [] : ['-t', pattern]
  const args = ['--bail=1', '--project', project, ...names, ...files]
  const maxMs = pattern === undefined ? timeoutMs.files : timeoutMs.few
  return (await runTests(copy, { args, maxMs })).outcome
}

function runTests(
  copy: string,
  { args, maxMs }: { readonly args: readonly string[]; readonly maxMs: number },
): Promise<{ outcome: Outcome; report: TestReport | null }> {
  const reportFile = join(copy, 'test-report.json')
  rmSync(reportFile, { force: true })
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        ...['node_modules/vitest/vitest.mjs', 'run', '--reporter=json'],
        ...['--outputFile', reportFile, ...args],
      ],
      { cwd: copy, stdio: 'ignore', env: { ...process.env, FUZZ_CASES: '300' }, detached: true },
    )
    let isLate = false
    // The whole group: a worker of vitest in an endless loop does not end with its parent.
    const timer = setTimeout(() => {
      isLate = true
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    }, maxMs)
    child.once('exit', () => {
      clearTimeout(timer)
      const report = readReport(reportFile)
      resolve({ outcome: isLate ? 'timeout' : readOutcome(report), report })
    })
  })
}

function readReport(file: string): TestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  } catch {
    return null // it did not get so far
  }
}

/** A copy of what the tests need; only `src/` is ever changed in it. */
function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'portico-mutate-'))
  for (const name of copied) cpSync(name, join(copy, name), { recursive: true })
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
  return copy
}

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('errors.ts'))
    .map((name) => join(folder, name))
    .sort()
}

function testsOf(folder: string, recursive = false): readonly string[] {
  return readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort()
}

function isEquivalent({ path, mutation }: Guard): boolean {
  return equivalentGuards.some((one) => one.path === path && one.condition === mutation.condition)
}

function describe({ path, mutation }: Guard): string {
  return `${path}:${mutation.line} ${mutation.condition}`
}

function report(verdicts: ReadonlyMap<Guard, Verdict>): void {
  const columns = ['noticed', 'endless', 'equivalent', 'not noticed', 'unclear'] as const
  const row = (cells: readonly unknown[]) => cells.map((cell) => String(cell).padEnd(12)).join('')
  console.log(`\n${row(['folder', 'guards', ...columns])}`)
  for (const folder of [...verifier, '']) {
    const mine = [...verdicts].filter(
      ([{ path }]) => path.startsWith(`src/${folder}/`) || folder === '',
    )
    const counts = columns.map((column) => mine.filter(([, verdict]) => verdict === column).length)
    console.log(row([folder || 'all', mine.length, ...counts]))
  }
  const missed = [...verdicts].filter(
    ([, verdict]) => verdict === 'not noticed' || verdict === 'unclear',
  )
  if (missed.length > 0) console.log('\nNo test notices when these are gone:')
  for (const [guard, verdict] of missed) console.log(`  ${describe(guard)} (${verdict})`)
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
