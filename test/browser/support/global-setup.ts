import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePorts } from '../../../tools/stack/ports.ts'
import { startStack } from '../../../tools/stack/stack.ts'
import { startChromium } from './chromium.ts'

/** Where everything runs; the same for all test files. */
export type Places = {
  readonly publicUrl: string
  readonly simulatorUrl: string
  readonly adminKey: string
  readonly demoConnectionId: string
  /** Where Chromium can be reached. */
  readonly chromium: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    places: Places
  }
}

/** Starts Portico, the simulator and Chromium once, on free ports and in a folder that goes afterwards. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-browser-'))
  const abort = new AbortController()
  const stopAtExit = () => abort.abort()
  process.once('exit', stopAtExit)
  const [port = 0, simulatorPort = 0] = await freePorts(2)
  const chromium = startChromium(folder)
  const stack = startStack({
    port,
    simulatorPort,
    dataDir: join(folder, 'data'),
    keysPath: join(folder, 'dev.vars'),
    environment: {},
    onLine: (line, kind) => {
      if (kind === 'trouble') console.error(line)
    },
    signal: abort.signal,
  })
  async function tearDown(): Promise<void> {
    await Promise.allSettled([
      chromium.then((server) => server.close()),
      stack.then((running) => running.stop()),
    ])
    process.off('exit', stopAtExit)
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const [server, running] = await Promise.all([chromium, stack])
    project.provide('places', {
      publicUrl: running.publicUrl,
      simulatorUrl: running.simulatorUrl,
      adminKey: running.adminKey,
      demoConnectionId: running.demo.connection.id,
      chromium: server.wsEndpoint(),
    })
    return tearDown
  } catch (error) {
    await tearDown()
    throw error
  }
}
