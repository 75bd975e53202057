/**
 * What one process plans: people per second for resolve and plan, over pages as Graph sends them. Nothing is
 * read or written; that is measured end to end.
 */

import { resolve } from '../src/directory/index.ts'
import { plan } from '../src/reconcile/plan.ts'
import type { PlanInput } from '../src/reconcile/plan-types.ts'
import { loadPages, type PagesOf, writtenRuleset } from './reconcile-people.ts'
import { cpuSince, median } from './rounds.ts'
import { markdownTable } from './table.ts'

const target = 50_000
const rounds = 9
const roundMs = 400

const cases: readonly (readonly [name: string, pages: PagesOf, isTarget: boolean])[] = [
  ['nobody changed', { changed: 0 }, true],
  ['one in a hundred changed', { changed: 0.01 }, true],
  ['everybody changed', { changed: 1 }, true],
  ['everybody read for the first time', { changed: 1, isFirst: true }, false],
]

const rows: string[][] = []
const verdicts: string[] = []
for (const [name, of, isTarget] of cases) {
  const pages = loadPages(of)
  const perSecond = await rate(pages, (page) => plan(page).writes.length)
  rows.push([name, thousands(perSecond)])
  if (isTarget) {
    const isMet = perSecond >= target
    verdicts.push(
      `${isMet ? 'met' : 'MISSED'}: resolve and plan, ${name}: ${thousands(perSecond)} people a second, wanted ${thousands(target)}`,
    )
  }
}
const unchanged = loadPages({ changed: 0 })
rows.push(['resolve alone, three views each', thousands(await rate(unchanged, resolveAll))])
const written = unchanged.map((page) => ({ ...page, ruleset: writtenRuleset }))
rows.push([
  'resolve alone, with five expressions and ten own attributes',
  thousands(await rate(written, resolveAll)),
])
console.log(markdownTable(['Resolve and plan, one process', 'people a second'], rows))
console.log(`\n${verdicts.join('\n')}`)

function resolveAll({ people, ruleset }: PlanInput): number {
  let count = 0
  for (const { views } of people) {
    count += Object.keys(resolve(ruleset.definitions, ruleset.mapping, views).profile).length
  }
  return count
}

/** People per second of processor time: the median of rounds. */
async function rate(pages: readonly PlanInput[], run: (page: PlanInput) => number) {
  const rates: number[] = []
  for (let round = 0; round < rounds + 2; round++) {
    const cpu = process.cpuUsage()
    let people = 0
    while (cpuSince(cpu) < roundMs) {
      for (const page of pages) {
        run(page)
        people += page.people.length
      }
    }
    // The first two rounds are the compiler's.
    if (round >= 2) rates.push((people / cpuSince(cpu)) * 1000)
    await new Promise((resolved) => setImmediate(resolved))
  }
  return median(rates)
}

function thousands(count: number): string {
  return Math.round(count).toLocaleString('en')
}
