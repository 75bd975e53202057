import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

/** The secrets that a local Portico runs with. */
export type LocalKeys = { readonly adminKey: string; readonly created: boolean }

/**
 * Reads the secrets file, or writes one with fresh keys when there is none. An existing file is never
 * written: data sealed under its keys would be lost.
 * @param path dotenv file, as wrangler reads it
 * @throws when an existing file names no ADMIN_KEY or ENCRYPTION_KEYS
 */
export function loadKeys(path: string): LocalKeys {
  const created = createKeys(path)
  const values = parseDotenv(readFileSync(path, 'utf8'))
  const adminKey = values.get('ADMIN_KEY') ?? ''
  const missing = ['ADMIN_KEY', 'ENCRYPTION_KEYS'].filter((name) => (values.get(name) ?? '') === '')
  if (missing.length > 0) {
    throw new Error(
      `${path} has no ${missing.join(' and no ')}. Add it, or move the file away and start again: ` +
        'a new one is made, but data sealed under the old keys cannot be read any more.',
    )
  }
  return { adminKey, created }
}

/** Writes fresh keys, readable by the owner only, unless the file exists. */
function createKeys(path: string): boolean {
  const lines = [
    `ADMIN_KEY="${randomBytes(32).toString('base64url')}"`,
    `ENCRYPTION_KEYS="k1:${randomBytes(32).toString('base64')}"`,
  ]
  try {
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** The `NAME=value` lines of a dotenv file; quotes around a value are taken off, comments skipped. */
export function parseDotenv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (match === null) continue
    const [, name = '', raw = ''] = match
    const quoted = /^(["'])(.*)\1/.exec(raw)
    values.set(name, quoted?.[2] ?? raw.replace(/\s+#.*$/, ''))
  }
  return values
}
