import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonChunks } from '../../../src/directory/groups-plan.ts'
import type { MemberStep } from '../../../src/directory/index.ts'
import {
  addGroupRow,
  addPeople,
  countOf,
  groupsWorld,
  membersOf,
  versionOf,
  wrongCounts,
} from './groups-world.ts'

const users = ['usr_a', 'usr_b', 'usr_c', 'usr_d']
const nested = ['grp_a', 'grp_b']
const strangers = ['usr_none', 'grp_none', 'nobody', '']

const ids = fc.subarray([...users, ...nested, ...strangers])
const step: fc.Arbitrary<MemberStep> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add', 'remove', 'keep'), ids }),
  fc.record({ kind: fc.constant('removeType'), type: fc.constantFrom('User', 'Group') }),
)
const requests = fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 5 })

/** The steps one after the other, as RFC 7644 3.5.2 says they act. */
function apply(members: ReadonlySet<string>, step: MemberStep): ReadonlySet<string> {
  const known = (id: string) => users.includes(id) || nested.includes(id)
  switch (step.kind) {
    case 'add':
      return new Set([...members, ...step.ids.filter(known)])
    case 'remove':
      return new Set([...members].filter((id) => !step.ids.includes(id)))
    case 'keep':
      return new Set([...members].filter((id) => step.ids.includes(id)))
    case 'removeType':
      return new Set([...members].filter((id) => id.startsWith('grp_') !== (step.type === 'Group')))
  }
}

const sorted = (members: ReadonlySet<string>) => [...members].sort()

describe('any steps in any requests', () => {
  it('leave the members that a model of the same steps has; versions and events count real changes', async () => {
    const { change } = await groupsWorld()
    await addPeople(users)
    for (const id of nested) await addGroupRow(id)
    let run = 0
    await fc.assert(
      fc.asyncProperty(requests, async (all) => {
        run++
        const id = await addGroupRow(`grp_run${run}`)
        const eventsBefore = (await countOf('events')) ?? 0
        let model: ReadonlySet<string> = new Set()
        let changes = 0
        for (const steps of all) {
          const next = steps.reduce(apply, model)
          if (sorted(next).join() !== sorted(model).join()) changes++
          model = next
          const changed = await change(id, { steps })
          expect(changed).toMatchObject({ ok: true, value: { group: { memberCount: next.size } } })
        }
        expect(await membersOf(id)).toEqual(sorted(model))
        expect(await versionOf(id)).toBe(1 + changes)
        expect(await countOf('events')).toBe(eventsBefore + changes)
        expect(await wrongCounts()).toEqual([])
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})

describe('lists that are too long for one value', () => {
  it('are cut into chunks that hold everything once and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^usr_[a-z]{1,9}$/), { maxLength: 50 }),
        fc.integer({ min: 20, max: 60 }),
        (list, maxBytes) => {
          const chunks = jsonChunks(list, maxBytes)
          expect(chunks.every((chunk) => chunk.length <= maxBytes)).toBe(true)
          expect(chunks.flatMap((chunk) => JSON.parse(chunk))).toEqual(list)
        },
      ),
    )
  })

  it('change as many members as a request can name in two calls', async () => {
    const { counting, made, change } = await groupsWorld()
    const many = Array.from({ length: 60_000 }, (_, i) => `usr_${String(i).padStart(26, '0')}`)
    await addPeople(many)
    const id = await made('Everybody')
    counting.restart()
    const joined = await change(id, {
      steps: [
        { kind: 'keep', ids: many },
        { kind: 'add', ids: many },
      ],
    })
    expect(joined).toMatchObject({ value: { group: { memberCount: 60_000 }, unknown: [] } })
    const left = await change(id, { steps: [{ kind: 'remove', ids: many }] })
    expect(left).toMatchObject({ value: { group: { memberCount: 0, version: 3 } } })
    expect(counting.calls).toHaveLength(4)
    expect(await wrongCounts()).toEqual([])
  }, 60_000)
})
