/**
 * Refuses migrations that are not safe while the previous version of the Worker still runs, or that lose
 * rows: migrations are applied before the deploy, and expand only.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { checkMigrations, type Migration } from './migration-rules.ts'

const folder = 'migrations'
const migrations: readonly Migration[] = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(`${folder}/${name}`, 'utf8') }))
const problems = checkMigrations(migrations)
for (const { name, problem } of problems) console.error(`${folder}/${name}: ${problem}`)
process.exit(problems.length === 0 ? 0 : 1)
