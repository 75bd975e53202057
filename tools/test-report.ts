/** The part of vitest's JSON report that says what a run has shown. */
export type TestReport = {
  readonly numTotalTests: number
  readonly numFailedTests: number
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly duration?: number | null
      readonly meta?: { readonly refused?: readonly number[] }
    }[]
  }[]
}

/**
 * What a run says of a mutant: only a test that failed has noticed it. A run that left no report, or in which
 * a file could not be loaded, has shown nothing.
 */
export function readOutcome(report: TestReport | null): 'failed' | 'passed' | 'unclear' {
  if (report === null) return 'unclear'
  if (report.numFailedTests > 0) return 'failed'
  return report.success ? 'passed' : 'unclear'
}

/** A file of tests in which a guard refused, and the tests that made it refuse. */
export type Witness = {
  readonly file: string
  /** Their names as vitest's `-t` compares them. */
  readonly tests: readonly string[]
  /** How long those tests take. */
  readonly ms: number
}

/**
 * Which tests made which guard refuse, the quickest file first. A guard can be missed only where it refused:
 * everywhere else its condition had the very value that the mutant puts there.
 * @param root the folder that the names of files in the report begin with
 * @returns also the files that fail as they are, which could witness nothing
 */
export function readWitnesses(
  { testResults }: TestReport,
  root: string,
): {
  readonly broken: readonly string[]
  readonly witnesses: ReadonlyMap<number, readonly Witness[]>
} {
  const broken: string[] = []
  const witnesses = new Map<number, Witness[]>()
  for (const { name, status, assertionResults } of testResults) {
    const file = name.slice(root.length + 1)
    if (status !== 'passed') {
      broken.push(file)
      continue
    }
    const found = new Map<number, { tests: string[]; ms: number }>()
    for (const { ancestorTitles, title, duration, meta } of assertionResults) {
      for (const id of meta?.refused ?? []) {
        const one = found.get(id) ?? { tests: [], ms: 0 }
        one.tests.push([...ancestorTitles, title].join(' > '))
        one.ms += duration ?? 0
        found.set(id, one)
      }
    }
    for (const [id, one] of found) {
      witnesses.set(id, [...(witnesses.get(id) ?? []), { file, ...one }])
    }
  }
  for (const list of witnesses.values()) list.sort((a, b) => a.ms - b.ms)
  return { broken, witnesses }
}

/** What to run in one go: files, and a pattern of names where not all of their tests are wanted. */
export type Attempt = { readonly files: readonly string[]; readonly pattern?: string }

const namesInPattern = 20

/** The runs that can miss a guard, until one does: the quickest file's own tests, then the nearest files whole. */
export function planAttempts(witnesses: readonly Witness[]): readonly Attempt[] {
  const groups = [/^test\/(?!worker\/)/, /^test\/worker\/[^/]+$/, /^test\/worker\/.*\//]
  return groups.flatMap((group): Attempt[] => {
    const [first, ...others] = witnesses.filter(({ file }) => group.test(file))
    if (first === undefined) return []
    const names = first.tests.slice(0, namesInPattern).map(escapePattern)
    return [
      { files: [first.file], pattern: `^(?:${names.join('|')})$` },
      { files: [first, ...others].map(({ file }) => file) },
    ]
  })
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
