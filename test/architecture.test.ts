import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { registry } from '../src/errors.ts'
import { importsOf, loadedImportsOf, stripComments } from '../tools/source-text.ts'

/** What each folder of `src/`, and each file directly in it, may import besides itself. */
const allowedImports: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  'env.ts': ['kernel'],
  xml: ['kernel'],
  xmldsig: ['kernel', 'xml'],
  xmlenc: ['kernel', 'xml'],
  db: ['kernel'],
  http: ['kernel', 'env.ts'],
  directory: ['kernel', 'db'],
  activity: ['kernel', 'db'],
  session: ['kernel', 'db', 'http'],
  saml: ['kernel', 'xml', 'xmldsig', 'xmlenc', 'db', 'http', 'directory', 'activity', 'session'],
  scim: ['kernel', 'db', 'http', 'directory', 'activity', 'session'],
  graph: ['kernel', 'xmldsig', 'db', 'directory', 'activity'],
  reconcile: ['kernel', 'db', 'directory', 'activity', 'session', 'graph'],
  admin: [
    'kernel',
    'env.ts',
    'db',
    'http',
    'directory',
    'activity',
    'session',
    'saml',
    'scim',
    'graph',
    'reconcile',
  ],
  console: ['kernel', 'env.ts', 'db', 'http', 'directory', 'activity', 'session', 'saml', 'admin'],
}

/** Files that put everything together. */
const composers = ['app.ts', 'index.ts', 'errors.ts', 'health.ts', 'reseal.ts', 'scheduled.ts']

/** Packages that only some files of `src/` may import; every other package may not be imported at all. */
const packages: Readonly<Record<string, RegExp>> = {
  hono: /^(http|admin|console)\/|^app\.tsx?$|(^|[/-])(routes|page|pages)\.tsx?$/,
  '@hono/zod-openapi': /^admin\/zod\.ts$/,
  zod: /^admin\/zod\.ts$/,
  '#zod': /^admin\//,
  '#described': /^admin\//,
  '#guides': /^console\/setup\/guides\.ts$/,
  'd3-scale': /^console\/(charts\/|settings\/timeline\.ts$)/,
  'd3-shape': /^console\/charts\//,
  uqr: /^console\/test-sign-in\/qr-code\.tsx$/,
  'drizzle-orm': /^db\/|-(store|write)\.ts$/,
  jose: /^session\/|^scim\/auth\/federation\.ts$|^graph\/token\.ts$/,
}

/** Where a thing may occur in the code of `src/`. */
const placed: readonly (readonly [what: string, pattern: RegExp, where: RegExp | null])[] = [
  ['crypto.subtle', /\bsubtle\b/, /^kernel\/(crypto|seal)\.ts$|^(xmldsig|xmlenc|session)\//],
  ['the clock', /\bDate\.now\b|\bnew Date\(\)|\bperformance\b/, /^kernel\/clock\.ts$/],
  ['randomness', /\bgetRandomValues\b|\brandomUUID\b|\bMath\.random\b/, /^kernel\/ids\.ts$/],
  [
    'the global fetch',
    /(?<![.\w])fetch\(|[=:?(,]\s*fetch\s*[,;)\n}]/,
    /^index\.ts$|^saml\/metadata-fetch\.ts$|^admin\/dns-txt\.ts$/,
  ],
  // `console.key_wrong` and its like are codes.
  ['the console', /(?<!')\bconsole\.(?=\w+\()/, /^kernel\/log\.ts$/],
  ['atob or btoa', /\b(?:atob|btoa)\b/, null],
  ['Date.parse', /\bDate\.parse\b|\bnew Date\(\s*['"`]/, null],
  ['a query language over XML', /xpath|getElementsBy|getElementById|querySelector/i, null],
  ['another XML parser', /\bDOMParser\b|\bXMLParser\b|\bHTMLRewriter\b/, null],
  ['Node built-ins', /\bBuffer\b|\bprocess\.|['"]node:/, null],
  ['code from text', /\beval\(|\bnew Function\b/, null],
]

type Source = { readonly path: string; readonly text: string; readonly code: string }

const src = readSources('src')
const simulator = readSources('simulator')
const tests = readSources('test')
const others = [...readSources('tools'), ...readSources('bench')]

describe('direction of dependencies', () => {
  it('is kept by every folder', () => {
    const wrong = src.flatMap(({ path, code }) => {
      const own = areaOf(path)
      if (composers.includes(own)) return []
      const allowed = allowedImports[own]
      if (allowed === undefined) return [`${path}: ${own} has no row in the table of directions`]
      return targetsOf(path, code)
        .map((target) => ({ target, area: areaOf(target) }))
        .filter(({ area }) => area !== own && !allowed.includes(area))
        .map(({ target }) => `${path} imports ${target}`)
    })
    expect(wrong).toEqual([])
  })

  it('has no cycles, neither between folders nor between files that load each other', () => {
    const files = new Map(
      src.map(({ path, code }) => [path, relativeTo(path, loadedImportsOf(code))]),
    )
    const areas = new Map<string, string[]>()
    for (const { path, code } of src) {
      const own = areaOf(path)
      const outside = targetsOf(path, code)
        .map(areaOf)
        .filter((area) => area !== own)
      areas.set(own, [...(areas.get(own) ?? []), ...outside])
    }
    expect([findCycle(files), findCycle(areas)]).toEqual([null, null])
  })

  it('enters another folder through its index.ts only', () => {
    const wrong = src.flatMap(({ path, code }) =>
      targetsOf(path, code)
        .filter((target) => target.includes('/') && areaOf(target) !== areaOf(path))
        .filter((target) => !isDoor(path, target))
        .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('keeps Portico and the simulator apart from each other and from tests and tools', () => {
    const leaves = (root: string) => (path: string) => !join(root, path).startsWith(`${root}/`)
    const wrong = [
      ...src.flatMap(({ path, code }) => targetsOf(path, code).filter(leaves('src'))),
      ...simulator.flatMap(({ path, code }) => targetsOf(path, code).filter(leaves('simulator'))),
    ]
    expect(wrong).toEqual([])
  })
})

describe('things that belong in one place', () => {
  it('packages are imported only where they belong', () => {
    const wrong = src.flatMap(({ path, code }) =>
      importsOf(code)
        .filter((specifier) => !specifier.startsWith('.'))
        .filter((specifier) => packages[packageOf(specifier)]?.test(path) !== true)
        .map((specifier) => `${path} imports ${specifier}`),
    )
    expect(wrong).toEqual([])
  })

  it.each(placed)('%s', (_what, pattern, where) => {
    const found = src.filter(({ path, code }) => pattern.test(code) && where?.test(path) !== true)
    expect(found.map(({ path }) => path)).toEqual([])
  })
})

describe('files', () => {
  it('are small', () => {
    const long = [...src, ...simulator]
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 250)
    expect(long).toEqual([])
  })

  it('are named for what they hold, in kebab-case', () => {
    const shape =
      /^[a-z0-9]+(-[a-z0-9]+)*(\.(properties|fuzz))?(\.(properties|fuzz))?(\.test|\.generated|\.d)?\.tsx?$/
    const vague = /\b(utils?|helpers?|common|manager|service|misc|impl)\b/
    const wrong = [...src, ...simulator, ...tests, ...others]
      .map(({ path }) => path)
      .filter((path) => !shape.test(basename(path)) || vague.test(basename(path)))
    expect(wrong).toEqual([])
  })

  it('open a folder with what it owns and who calls it', () => {
    const doors = src.filter(({ path }) => /^[^/]+\/index\.tsx?$/.test(path))
    const silent = doors.filter(({ text }) => {
      const opening = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0].replace(/[\s*]+/g, ' ') ?? ''
      return !/ Owns .* [Cc]alled by /.test(opening)
    })
    expect(silent.map(({ path }) => path)).toEqual([])
    expect(doors.map(({ path }) => areaOf(path)).sort()).toEqual(
      Object.keys(allowedImports)
        .filter((area) => !area.endsWith('.ts'))
        .sort(),
    )
  })

  it('hold no postponed work and silence no checker', () => {
    const postponed = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', '@ts-(ignore|expect-error|nocheck)', 'biome-' + 'ignore'].join(
        '|',
      ),
    )
    const found = [...src, ...simulator, ...tests, ...others].filter(({ text }) =>
      postponed.test(text),
    )
    expect(found.map(({ path }) => path)).toEqual([])
  })
})

describe('tests', () => {
  it('all run', () => {
    const hidden =
      /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|skipIf|runIf)\b|\bx(?:it|describe)\(/
    expect(tests.filter(({ code }) => hidden.test(code)).map(({ path }) => path)).toEqual([])
  })

  it('assert every code of the error registry', () => {
    const text = tests.map(({ path, code }) => `${path}\n${code}`).join('\n')
    const fixtures = readdirSync('test/fixtures', { recursive: true }).join('\n')
    const unseen = Object.keys(registry).filter(
      (code) => !text.includes(code) && !fixtures.includes(code),
    )
    expect(unseen).toEqual([])
  })
})

/** The TypeScript files under a folder, by path from there. */
function readSources(root: string): readonly Source[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/(^|\/)(node_modules|\.wrangler)\//.test(path))
    .map((path) => {
      const text = readFileSync(path, 'utf8')
      return { path: relative(root, path), text, code: stripComments(text) }
    })
}

/** The folder of a path in `src/`, or the file itself when it lies directly there. */
function areaOf(path: string): string {
  return path.split('/')[0] ?? path
}

/** The relative imports of a file as paths from the same root; `../` leads out of it. */
function targetsOf(path: string, code: string): string[] {
  return relativeTo(path, importsOf(code))
}

function relativeTo(path: string, specifiers: readonly string[]): string[] {
  return specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(path, '..', specifier))
}

/** The registry is read by tools that run without a bundler, so it may take just the tables of codes. */
function isDoor(path: string, target: string): boolean {
  return (
    /^[^/]+\/index\.tsx?$/.test(target) ||
    (path === 'errors.ts' && /^[^/]+\/errors\.ts$/.test(target))
  )
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** A cycle as a list of names, or null. Depth first, each node finished once. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const finished = new Set<string>()
  const path: string[] = []
  const visit = (node: string): readonly string[] | null => {
    if (finished.has(node)) return null
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    path.push(node)
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next)
      if (cycle !== null) return cycle
    }
    path.pop()
    finished.add(node)
    return null
  }
  for (const node of graph.keys()) {
    const cycle = visit(node)
    if (cycle !== null) return cycle
  }
  return null
}
