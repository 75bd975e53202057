import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'

const wrangler = new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url).pathname

export type Program = {
  /** How messages name it. */
  readonly name: string
  readonly args: readonly string[]
  readonly logPath: string
  /** Called for each line of its output. */
  readonly onLine: (line: string) => void
}

export type Running = {
  readonly name: string
  /** Settles when the program has ended, with what it ended with. */
  readonly ended: Promise<string>
  /** Ends the program and everything that it started. */
  stop(): Promise<void>
  /** The last lines of its log. */
  tail(): string
  /** Why its source cannot be bundled; null while it can. */
  buildError(): string | null
}

/** Starts wrangler in a process group of its own, so that workerd and esbuild end with it. */
export function startWrangler(program: Program): Running {
  const log = createWriteStream(program.logPath, { flags: 'w', mode: 0o600 })
  const child = spawn(process.execPath, [wrangler, ...program.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: wranglerEnvironment(process.env),
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (coloured) => {
      const line = stripVTControlCharacters(coloured)
      log.write(`${line}\n`)
      program.onLine(line)
    })
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `code ${code}` : `signal ${signal}`),
    )
  })
  return {
    name: program.name,
    ended,
    stop: () => stopGroup(child, ended),
    buildError: () => {
      const log = readLog(program.logPath)
      const at = log.indexOf('Build failed')
      return at < 0 ? null : log.slice(at).split('\n').slice(0, 15).join('\n')
    },
    tail: () => readLog(program.logPath).trimEnd().split('\n').slice(-15).join('\n'),
  }
}

function readLog(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Waits for a program to end. @throws with its last lines when it fails. */
export async function finish(running: Running): Promise<void> {
  const outcome = await running.ended
  if (outcome !== 'code 0')
    throw new Error(`${running.name} ended with ${outcome}:\n${running.tail()}`)
}

/** Whether a line of wrangler's or of a Worker's output reports an error. */
export function isTrouble(line: string): boolean {
  return /\[ERROR\]|\[wrangler:error\]|"level":"error"|^Uncaught /.test(line)
}

/** No questions, colours, metrics or credentials: what runs here is local. */
function wranglerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { CLOUDFLARE_ENV: _, ...rest } = env
  return { ...rest, CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0', WRANGLER_SEND_METRICS: 'false' }
}

async function stopGroup(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.pid === undefined) return
  signalGroup(child.pid, 'SIGTERM')
  const graceMs = 3000
  const timer = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
  // wrangler may have ended before workerd or esbuild did.
  signalGroup(child.pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 1) process.kill(-pid, signal)
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!gone) throw error
  }
}
