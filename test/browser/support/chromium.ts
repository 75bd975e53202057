import { tmpdir } from 'node:os'
import sparticuz from '@sparticuz/chromium'
import { type BrowserServer, chromium } from 'playwright-core'
import { missingPackages } from '../../../tools/browser-libraries.ts'

/**
 * Starts one Chromium for all test files. Not with the package's own arguments: they switch off web
 * security, which is half of what is tested here.
 * @param folder of this run only: the package takes whatever Chromium it finds in the temporary folder
 * @throws with the Debian packages to install when the system lacks a library
 */
export async function startChromium(folder: string): Promise<BrowserServer> {
  const missing = process.platform === 'linux' ? missingPackages() : []
  if (missing.length > 0) {
    throw new Error(`Chromium cannot start here. Run: apt-get install -y ${missing.join(' ')}`)
  }
  return chromium.launchServer({
    executablePath: await unpack(folder),
    args: ['--no-sandbox', '--no-zygote', '--headless'],
    env: { ...process.env, TMPDIR: folder },
    handleSIGINT: false,
  })
}

async function unpack(folder: string): Promise<string> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    if (tmpdir() !== folder) throw new Error('The temporary folder cannot be set on this system.')
    return await sparticuz.executablePath()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
