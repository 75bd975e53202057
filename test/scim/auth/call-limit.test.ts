import { describe, expect, it } from 'vitest'
import { createCallLimit } from '../../../src/scim/auth/call-limit.ts'

function counted() {
  const state = { asked: [] as string[], isOpen: true }
  const mayCall = createCallLimit({
    limit: async ({ key }) => {
      state.asked.push(key)
      return { success: state.isOpen }
    },
  })
  return { state, mayCall }
}

async function repeat(times: number, work: () => Promise<boolean>): Promise<boolean[]> {
  const answers: boolean[] = []
  for (let i = 0; i < times; i++) answers.push(await work())
  return answers
}

describe('the limit on calls of a credential', () => {
  it('is asked by one call in ten, and by the first', async () => {
    const { state, mayCall } = counted()
    expect((await repeat(1, () => mayCall('tok_1'))).concat(state.asked.length === 1)).toEqual([
      true,
      true,
    ])
    expect(await repeat(40, () => mayCall('tok_1'))).not.toContain(false)
    expect(state.asked).toEqual(Array.from({ length: 5 }, () => 'scim tok_1'))
  })

  it('is asked by every call once it has said no, and lets none through until it says yes', async () => {
    const { state, mayCall } = counted()
    state.isOpen = false
    expect(await repeat(25, () => mayCall('tok_1'))).not.toContain(true)
    expect(state.asked).toHaveLength(25)
    state.isOpen = true
    expect(await repeat(20, () => mayCall('tok_1'))).not.toContain(false)
    expect(state.asked).toHaveLength(27)
  })

  it('counts each caller by itself, and forgets the oldest of very many', async () => {
    const { state, mayCall } = counted()
    for (let i = 0; i < 2000; i++) await mayCall(`tok_${i}`)
    expect(state.asked).toHaveLength(2000)
    await mayCall('tok_1999')
    expect(state.asked).toHaveLength(2000)
    await mayCall('tok_0')
    expect(state.asked).toHaveLength(2001)
  })
})
