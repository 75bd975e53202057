import { describe, expect, it } from 'vitest'
import { checkMigrations } from '../../tools/migration-rules.ts'

const foundation = {
  name: '0000_foundation.sql',
  sql: 'CREATE TABLE `people` (`id` text PRIMARY KEY NOT NULL);\n--> statement-breakpoint\nCREATE TABLE `sessions` (`id` text PRIMARY KEY NOT NULL, `person_id` text NOT NULL,\n\tFOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE cascade\n);\n--> statement-breakpoint\nCREATE TABLE `notes` (`id` text);',
}

function problemsOf(sql: string): readonly string[] {
  return checkMigrations([foundation, { name: '0001_next.sql', sql }]).map(({ problem }) => problem)
}

describe('migrations', () => {
  it.each([
    ['new tables', 'CREATE TABLE `groups` (`id` text PRIMARY KEY NOT NULL);'],
    ['new columns that may be null', 'ALTER TABLE `people` ADD `nickname` text;'],
    ['new columns with a default', 'ALTER TABLE `people` ADD `rank` integer DEFAULT 0 NOT NULL;'],
    ['new and dropped indexes', 'DROP INDEX `a`;\nCREATE INDEX `b` ON `people` (`id`);'],
    ['a comment that mentions DROP TABLE', '-- never DROP TABLE people\nSELECT 1;'],
  ])('may bring %s', (_, sql) => {
    expect(problemsOf(sql)).toEqual([])
  })

  it('may not rebuild a referenced table as drizzle-kit does', () => {
    const rebuild = [
      'PRAGMA foreign_keys=OFF;',
      'CREATE TABLE `__new_people` (`id` text PRIMARY KEY NOT NULL);',
      'INSERT INTO `__new_people`("id") SELECT "id" FROM `people`;',
      'DROP TABLE `people`;',
      'ALTER TABLE `__new_people` RENAME TO `people`;',
    ]
    const problems = problemsOf(rebuild.join('--> statement-breakpoint\n'))
    expect(problems).toContainEqual(expect.stringContaining('rebuilds a table'))
    expect(problems).toContainEqual(
      expect.stringContaining('drops people, which other tables reference'),
    )
  })

  it.each([
    ['drop a referenced table', 'DROP TABLE people;', 'other tables reference'],
    ['drop a table nobody references', 'DROP TABLE IF EXISTS "notes";', 'may still use'],
    ['drop a column', 'ALTER TABLE `people` DROP COLUMN `id`;', 'drops a column'],
    ['rename a table', 'ALTER TABLE `notes` RENAME TO `memos`;', 'renames'],
    ['rename a column', 'ALTER TABLE `notes` RENAME COLUMN `id` TO `key`;', 'renames'],
    [
      'add a required column without a default',
      'ALTER TABLE `notes` ADD `a` text NOT NULL;',
      'DEFAULT',
    ],
  ])('may not %s', (_, sql, reason) => {
    expect(problemsOf(sql)).toEqual([expect.stringContaining(reason)])
  })
})
