/**
 * The verifier against its peers and against the floor, in one process and in interleaved rounds; then
 * what the messages that are meant to cost much do cost.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { SamlConnection } from '../src/saml/connection.ts'
import { certificateBase64, context } from '../test/support/saml-builder.ts'
import { type HostileMessage, hostileMessages } from './hostile.ts'
import { benchConnection, outcomeOf, portico } from './ours.ts'
import { cryptoFloor, nodeSaml, samlifyPeer, type Task } from './peers.ts'
import { responseOfSize } from './response.ts'
import { cpuSince, interleavedRounds, median, type Round } from './rounds.ts'
import { markdownTable, milliseconds, times } from './table.ts'

const sizes = [6_500, 15_500]
const rounds = 11
const roundMs = 90
/** Rounds of hostile messages that are the compiler's. */
const warmUps = 8
const targets = { nodeSaml: 12, samlify: 18, floor: 3, hostileMs: 10 }

const connection = await benchConnection()
const verdicts = [...(await compare(connection)), ...(await measureHostile(connection))]
console.log(`\n${verdicts.join('\n')}`)

async function compare(ours: SamlConnection): Promise<readonly string[]> {
  const rows: string[][] = []
  const verdicts: string[] = []
  for (const wanted of sizes) {
    const { base64, size } = await responseOfSize(wanted)
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
      [portico(base64, ours), nodeSaml(task), samlifyPeer(task), await cryptoFloor(task)],
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

async function measureHostile(ours: SamlConnection): Promise<readonly string[]> {
  const messages = await hostileMessages()
  const lanes = messages.map((message) => ({ message, rounds: [] as Round[] }))
  for (let round = -warmUps; round < rounds; round++) {
    for (const lane of lanes) {
      await breathe()
      const timed = await timeHostile(lane.message, ours)
      if (round >= 0) lane.rounds.push(timed)
    }
  }
  const measured = lanes.map(({ message, rounds }) => ({
    ...message,
    wallMs: median(rounds.map(({ wallMs }) => wallMs)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
  }))
  console.log(`\nHostile messages, from the octets of the body; median of ${rounds} rounds.\n`)
  console.log(
    markdownTable(
      ['Row', 'Message', 'Body', 'Answer', 'elapsed', 'processor'],
      measured.map(({ row, what, body, expected, wallMs, cpuMs }) => [
        row,
        what,
        `${Math.round(body.length / 1000)} KB`,
        `\`${expected}\``,
        ...[wallMs, cpuMs].map((ms) => `${ms.toFixed(1)} ms`),
      ]),
    ),
  )
  return (['wallMs', 'cpuMs'] as const).map((clock) => {
    const slow = measured.filter((one) => one[clock] >= targets.hostileMs)
    const names = slow.map(({ row, what }) => `${row} ${what}`).join('; ')
    const label = `hostile, ${clock === 'wallMs' ? 'elapsed' : 'processor'}`
    return judge(
      `${label}: ${measured.length - slow.length} of ${measured.length} under ${targets.hostileMs} ms${names === '' ? '' : `; not ${names}`}`,
      slow.length === 0,
    )
  })
}

async function timeHostile(message: HostileMessage, ours: SamlConnection): Promise<Round> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const outcome = await outcomeOf(message.body, ours)
  const timed = { wallMs: performance.now() - started, cpuMs: cpuSince(cpu) }
  if (outcome === message.expected) return timed
  throw new Error(`${message.row} ${message.what}: ${outcome}, expected ${message.expected}`)
}

function judge(sentence: string, isMet: boolean): string {
  return `${isMet ? 'met  ' : 'SHORT'} ${sentence}`
}
