import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eventTypes } from '../../src/activity/index.ts'
import { registry } from '../../src/errors.ts'
import { explainAadsts } from '../../src/http/index.ts'

const pages = readdirSync('.', { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(docs\/.*|simulator\/.*|bench\/.*|[A-Z]+)\.md$/.test(path))
  .filter((path) => !/(^|\/)(node_modules|\.wrangler)\//.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

describe('the documents', () => {
  it('link only to what exists', () => {
    const broken = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => match[1] ?? '')
        .filter((link) => !/^(https?|mailto):/.test(link))
        .filter((link) => !resolves(path, link))
        .map((link) => `${path}: ${link}`),
    )
    expect(broken).toEqual([])
  })

  it('name only commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Readonly<Record<string, string>>
    }
    const unknown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run ([a-z:]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((name) => scripts[name] === undefined)
        .map((name) => `${path}: npm run ${name}`),
    )
    expect(unknown).toEqual([])
    const missing = Object.values(scripts)
      .flatMap((script) => [...script.matchAll(/\bnode (\S+\.ts)/g)].map((match) => match[1] ?? ''))
      .filter((file) => !existsSync(file))
    expect(missing).toEqual([])
  })

  it('name only error codes and types of events that exist', () => {
    // What `daily_counts` calls reads and writes of SCIM, which have no type of their own.
    const types = new Set<string>([...eventTypes, 'scim.read', 'scim.write'])
    const domains = new Set(Object.keys(registry).map((code) => code.split('.')[0]))
    const unknown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`([a-z]+)\.([a-z]+(?:_[a-z0-9]+)*)`/g)]
        .filter((match) => domains.has(match[1]))
        .map((match) => `${match[1]}.${match[2]}`)
        .filter(
          (code) => !(code in registry) && !types.has(code) && !/\.(ts|tsx|md|xml)$/.test(code),
        )
        .map((code) => `${path}: ${code}`),
    )
    expect(unknown).toEqual([])
  })

  it('explain to admins only errors of Entra that Portico explains too', () => {
    const guide = readFileSync('docs/guides/entra-saml.md', 'utf8')
    const table = guide.slice(guide.indexOf('| AADSTS |'), guide.indexOf('## What Portico'))
    const codes = [...table.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap((match) =>
      (match[1] ?? '').split(', '),
    )
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => explainAadsts(code) === null)).toEqual([])
  })
})

/** Whether a relative link leads to a file or folder and, with a fragment, to one of its headings. */
function resolves(page: string, link: string): boolean {
  const [file = '', fragment] = link.split('#')
  const target = file === '' ? page : join(dirname(page), file)
  if (!existsSync(target)) return false
  if (fragment === undefined) return true
  const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
  return headings.includes(fragment)
}
