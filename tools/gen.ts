/**
 * `npm run gen`: writes everything that is made from something else. With `--check` it writes nothing and
 * ends with 1 when a file is stale. `--name=add_groups` names a new migration, if one is needed.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { renderAssets } from './gen-assets.ts'
import { renderDatabase } from './gen-database.ts'
import { renderErrors } from './gen-errors.ts'
import { renderGuides } from './gen-guides.ts'
import { generateMigrations, renderNewestMigration } from './gen-migrations.ts'
import { renderDescription } from './gen-openapi.ts'
import { loadRegistry } from './load-registry.ts'

const checkOnly = process.argv.includes('--check')
const migrationName = process.argv.find((argument) => argument.startsWith('--name='))?.slice(7)

const scratch = mkdtempSync(join(tmpdir(), 'portico-gen-'))
try {
  const migrations = generateMigrations(scratch, migrationName)
  const files = new Map<string, string>([
    ...migrations.files,
    ['src/db/migration.generated.ts', renderNewestMigration(migrations.folder)],
    ['docs/database.md', renderDatabase(migrations.folder)],
    ['docs/errors.md', renderErrors(await loadRegistry(scratch))],
    ...renderAssets(),
    ['public/guides.json', renderGuides()],
    ['public/api/v1/openapi.json', await renderDescription(scratch)],
  ])
  const stale = [...files].filter(([path, content]) => read(path) !== content)
  if (!checkOnly) for (const [path, content] of stale) write(path, content)
  for (const [path] of stale) console.log(`${checkOnly ? 'stale' : 'wrote'} ${path}`)
  if (checkOnly && stale.length > 0) {
    console.error('Run `npm run gen` and commit what it writes.')
    process.exitCode = 1
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null // a file that does not exist is as stale as one that differs
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
