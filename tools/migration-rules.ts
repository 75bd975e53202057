/** One migration file. */
export type Migration = { readonly name: string; readonly sql: string }
export type MigrationProblem = { readonly name: string; readonly problem: string }

/** What a statement may not do, each with the reason in the words of the person who has to change it. */
const rules: readonly {
  readonly breaks: (statement: string) => boolean
  readonly problem: string
}[] = [
  {
    breaks: (statement) => /__new_/i.test(statement),
    problem:
      'rebuilds a table (__new_…). Foreign keys stay on in D1, so the DROP inside empties every child with ON DELETE CASCADE. Add a column or a table instead.',
  },
  {
    breaks: (statement) => /\bDROP\s+COLUMN\b/i.test(statement),
    problem: 'drops a column that the running version may still read. Leave it, unused.',
  },
  {
    breaks: (statement) => /^ALTER\b.*\bRENAME\b/is.test(statement),
    problem: 'renames what the running version still uses. Add the new name beside the old one.',
  },
  {
    breaks: (statement) => /^PRAGMA\b/i.test(statement),
    problem: 'sets a PRAGMA; migrations must not depend on one.',
  },
  {
    breaks: (statement) =>
      /^ALTER\b.*\bADD\b.*\bNOT\s+NULL\b/is.test(statement) && !/\bDEFAULT\b/i.test(statement),
    problem: 'adds a NOT NULL column without a DEFAULT, which fails on a table that has rows.',
  },
]

/**
 * Judges all migrations together, in order.
 * @returns one entry per problem; none when every migration only expands
 */
export function checkMigrations(migrations: readonly Migration[]): readonly MigrationProblem[] {
  const statements = migrations.flatMap(({ name, sql }) =>
    splitStatements(sql).map((statement) => ({ name, statement })),
  )
  const referenced = new Set(
    statements.flatMap(({ statement }) => namesAfter('REFERENCES', statement)),
  )
  return statements.flatMap(({ name, statement }) => [
    ...rules.filter(({ breaks }) => breaks(statement)).map(({ problem }) => ({ name, problem })),
    ...namesAfter('DROP\\s+TABLE(?:\\s+IF\\s+EXISTS)?', statement).map((table) => ({
      name,
      problem: referenced.has(table)
        ? `drops ${table}, which other tables reference: their rows go with it.`
        : `drops ${table}, which the running version may still use. Leave it, unused.`,
    })),
  ])
}

function splitStatements(sql: string): readonly string[] {
  return sql
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/** The identifiers that follow a keyword, without their quotes, in lower case. */
function namesAfter(keyword: string, statement: string): readonly string[] {
  const pattern = new RegExp(`\\b${keyword}\\s+[\`"\\[]?(\\w+)`, 'gi')
  return [...statement.matchAll(pattern)].map((match) => (match[1] ?? '').toLowerCase())
}
