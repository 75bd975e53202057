/**
 * The verifier against its peers and against the floor, in one process and in interleaved rounds; then
 * what the messages that are meant to cost much do cost.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { SamlConnection } from '../src/saml/connection.ts'
import { certificateBase64, context } from '../test/support/saml-builder.ts'
import { hostileMessages } from './hostile.ts'
import { benchConnection, outcomeOf, portico } from './ours.ts'
import { cryptoFloor, nodeSaml, samlifyPeer, type Task } from './peers.ts'
import { responseOfSize } from './response.ts'
import { interleavedRounds, median } from './rounds.ts'
import { markdownTable, milliseconds, times } from './table.ts'

const sizes = [6_500, 15_500]
const rounds = 15
const roundMs = 200
const targets = { nodeSaml: 12, samlify: 18, floor: 3, hostileMs: 10 }

const connection = await benchConnection()
const verdicts = [...(await compare(connection)), await measureHostile(connection)]
console.log(`\n${verdicts.join('\n')}`)

async function compare(ours: SamlConnection): Promise<readonly string[]> {
  const rows: string[][] = []
  const verdicts: string[] = []
  for (const wanted of sizes) {
    const { base64, form, size } = await responseOfSize(wanted)
    const task: Task = {
      base64,
      certificate: certificateBase64('K'),
      idpEntityId: context.idpEntityId,
      ssoUrl: context.ssoUrl,
      spEntityId: context.spEntityId,
      acsUrl: context.acsUrl,
      nowMs: context.nowMs,
    }
    const timings = await interleavedRounds(
      [portico(form, ours), nodeSaml(task), samlifyPeer(task), await cryptoFloor(task)],
      { rounds, roundMs },
    )
    const kilobytes = `${(size / 1000).toFixed(1)} KB`
    for (const clock of ['wallMs', 'cpuMs'] as const) {
      const medians = timings.map((timing) => median(timing.rounds.map((round) => round[clock])))
      const [own = 0, node = 0, samlify = 0, floor = 0] = medians
      const name = clock === 'wallMs' ? 'elapsed' : 'processor'
      const label = `${kilobytes}, ${name}`
      rows.push([
        label,
        ...medians.map(milliseconds),
        ...[node / own, samlify / own, own / floor].map(times),
      ])
      verdicts.push(
        judge(
          `${label}: ${times(node / own)} as fast as node-saml, wanted ${targets.nodeSaml}×`,
          node / own >= targets.nodeSaml,
        ),
        judge(
          `${label}: ${times(samlify / own)} as fast as samlify, wanted ${targets.samlify}×`,
          samlify / own >= targets.samlify,
        ),
        judge(
          `${label}: ${times(own / floor)} the floor, wanted at most ${targets.floor}×`,
          own / floor <= targets.floor,
        ),
      )
    }
  }
  const head = ['ms', 'Portico', 'node-saml', 'samlify', 'floor']
  const ratios = ['node-saml / Portico', 'samlify / Portico', 'Portico / floor']
  console.log(`Median of ${rounds} interleaved rounds, Node ${process.versions.node}.\n`)
  console.log(markdownTable([...head, ...ratios], rows))
  return verdicts
}

async function measureHostile(ours: SamlConnection): Promise<string> {
  const messages = await hostileMessages()
  const spent = new Map(messages.map((message) => [message, [] as number[]]))
  // The first rounds are the compiler's.
  for (let round = -3; round < rounds * 3; round++) {
    for (const message of messages) {
      await breathe()
      const started = performance.now()
      const outcome = await outcomeOf(message.body, ours)
      const ms = performance.now() - started
      if (round >= 0) spent.get(message)?.push(ms)
      if (outcome !== message.expected) {
        throw new Error(`${message.row} ${message.what}: ${outcome}, expected ${message.expected}`)
      }
    }
  }
  const measured = messages.map((message) => ({ ...message, ms: median(spent.get(message) ?? []) }))
  console.log(`\nHostile messages, from the octets of the body; median of ${rounds * 3} rounds.\n`)
  console.log(
    markdownTable(
      ['Row', 'Message', 'Body', 'Answer', 'Time'],
      measured.map(({ row, what, body, expected, ms }) => [
        row,
        what,
        `${Math.round(body.length / 1000)} KB`,
        `\`${expected}\``,
        `${ms.toFixed(2)} ms`,
      ]),
    ),
  )
  const slow = measured.filter(({ ms }) => ms >= targets.hostileMs)
  const slowest = Math.max(...measured.map(({ ms }) => ms))
  return judge(
    `hostile messages: the slowest took ${slowest.toFixed(1)} ms, wanted under ${targets.hostileMs} ms each${slow.map(({ what }) => `; too slow: ${what}`).join('')}`,
    slow.length === 0,
  )
}

function judge(sentence: string, isMet: boolean): string {
  return `${isMet ? 'met  ' : 'SHORT'} ${sentence}`
}
