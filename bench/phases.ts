/** Where a verification spends its time: each step alone, many times, median. */
import { decodeUtf8 } from '../src/kernel/index.ts'
import { readAssertion } from '../src/saml/read-assertion.ts'
import { childOf, samlName, signatureName } from '../src/saml/read-message.ts'
import { readResponseForm } from '../src/saml/response-form.ts'
import { readResponseShape } from '../src/saml/response-shape.ts'
import { verifyResponse } from '../src/saml/verify-response.ts'
import { canonicalize, parseXml, parseXmlBytes } from '../src/xml/index.ts'
import { benchConnection } from './ours.ts'
import { responseOfSize } from './response.ts'
import { median } from './rounds.ts'
import { markdownTable, milliseconds } from './table.ts'

const repeats = 3000
const columns = await Promise.all([6_500, 15_500].map(phasesOf))
const [small = [], large = []] = columns
const rows: string[][] = []
for (const [i, [name, run]] of small.entries()) {
  rows.push([name, await time(run), await time(large[i]?.[1] ?? run)])
}
console.log(markdownTable(['Step, ms', '6.6 KB', '15.5 KB'], rows))

type Phase = readonly [name: string, run: () => unknown]

async function phasesOf(size: number): Promise<readonly Phase[]> {
  const connection = await benchConnection()
  const { form } = await responseOfSize(size)
  const receive = () => readResponseForm(posting(form))
  const posted = need(await receive())
  const text = decodeUtf8(posted.message) ?? ''
  const { root } = need(parseXml(text))
  const shape = need(readResponseShape(root))
  const { assertion: signed } = need(await verifyResponse(shape, connection))
  const assertion = childOf(root, samlName('Assertion'))
  const without = assertion === null ? null : childOf(assertion, signatureName)
  if (signed === null || assertion === null || without === null) throw new Error('nothing signed')
  const canonical = need(canonicalize(assertion, { without }))
  return [
    ['body, form and base64', receive],
    ['read the message', () => parseXml(text)],
    ['hold it to the schema', () => readResponseShape(root)],
    ['canonicalize what is signed', () => canonicalize(assertion, { without })],
    ['read the digested octets again', () => parseXmlBytes(canonical)],
    ['read the assertion', () => readAssertion(signed)],
  ]
}

function posting(body: string): Request {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return new Request('https://sso.example.com/saml/con_x/acs', { method: 'POST', headers, body })
}

async function time(run: () => unknown): Promise<string> {
  const spent: number[] = []
  for (let i = 0; i < repeats; i++) {
    const started = performance.now()
    await run()
    spent.push(performance.now() - started)
  }
  return milliseconds(median(spent))
}

function need<T>(result: { ok: true; value: T } | { ok: false; failure: { code: string } }): T {
  if (result.ok) return result.value
  throw new Error(result.failure.code)
}
