import type { GroupMember } from '../directory/index.ts'
import { type Bytes, utf8 } from '../kernel/index.ts'

/** Reads the members after an id, in the order of their ids; fewer than asked for when there are no more. */
export type NextMembers = (after: string) => Promise<readonly GroupMember[]>

/**
 * A group with its members as a stream: written chunk by chunk, so that a group of 100,000 fits in an
 * isolate. An outage in the middle ends the stream with an error, never with a list that looks whole.
 * @param group the resource without members
 * @param first the first chunk, which was read with the group
 */
export function streamGroup(
  group: Readonly<Record<string, unknown>>,
  input: {
    readonly first: readonly GroupMember[]
    readonly chunk: number
    readonly next: NextMembers
    readonly render: (member: GroupMember) => unknown
  },
): ReadableStream<Uint8Array> {
  const { meta, ...rest } = group
  let pending = input.first
  let isFirst = true
  return new ReadableStream<Bytes>({
    start(controller) {
      const head = JSON.stringify(rest)
      controller.enqueue(utf8(`${head.slice(0, -1)},"members":[`))
    },
    async pull(controller) {
      if (pending.length > 0) {
        const texts = pending.map((member) => JSON.stringify(input.render(member)))
        controller.enqueue(utf8(`${isFirst ? '' : ','}${texts.join(',')}`))
        isFirst = false
      }
      const last = pending.at(-1)
      if (pending.length < input.chunk || last === undefined) {
        controller.enqueue(utf8(`]${meta === undefined ? '' : `,"meta":${JSON.stringify(meta)}`}}`))
        controller.close()
        return
      }
      pending = await input.next(last.id)
    },
  })
}
