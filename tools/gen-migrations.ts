import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Migrations as they should be: a copy of the folder, with a new one where the schema has moved on. */
export type Migrations = {
  /** The copy. */
  readonly folder: string
  /** Every file by its path in the repository. */
  readonly files: readonly (readonly [string, string])[]
}

/**
 * Lets drizzle-kit compare the schema with a copy of `migrations/`.
 * @param scratch an empty folder
 * @param name of a new migration, if one is needed; drizzle-kit makes one up otherwise
 * @throws with drizzle-kit's output when it fails
 */
export function generateMigrations(scratch: string, name: string | undefined): Migrations {
  const folder = join(scratch, 'migrations')
  cpSync('migrations', folder, { recursive: true })
  const config = join(scratch, 'drizzle.config.json')
  writeFileSync(
    config,
    JSON.stringify({
      dialect: 'sqlite',
      casing: 'snake_case',
      schema: './src/db/schema/index.ts',
      out: relative(process.cwd(), folder),
    }),
  )
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['node_modules/drizzle-kit/bin.cjs', 'generate', `--config=${config}`],
      ...(name === undefined ? [] : [`--name=${name}`]),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  if (status !== 0) throw new Error(`drizzle-kit generate failed:\n${stdout}\n${stderr}`)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map(
      (path) => [join('migrations', relative(folder, path)), readFileSync(path, 'utf8')] as const,
    )
  return { folder, files }
}

/** `src/db/migration.generated.ts`: what `/healthz` compares the database with. */
export function renderNewestMigration(folder: string): string {
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .at(-1)
  if (newest === undefined) throw new Error(`${folder} has no migration`)
  return `/** The newest migration that this code needs. Made by \`npm run gen\`; do not edit. */\nexport const newestMigration = '${newest}'\n`
}
