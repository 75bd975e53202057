import * as z from '#zod'
import { type Deps, readBody } from '../http/index.ts'
import { decodeUtf8, limits, ok, type Result } from '../kernel/index.ts'
import { type Refusal, refuse } from './refusal.ts'

/** The part of an answer in `application/dns-json` that is read; type 16 is TXT. */
const answerSchema = z.object({
  Status: z.int(),
  Answer: z
    .array(z.object({ type: z.int(), data: z.string() }))
    .max(200)
    .optional(),
})

const nameError = 3

/**
 * Asks DNS for the TXT records of a name, over HTTPS.
 * @returns their texts, none when the name does not exist; `admin.dns_unavailable` when nobody can say
 */
export async function lookUpTxt(
  name: string,
  { fetch, dohUrl }: { fetch: Deps['fetch']; dohUrl: string },
): Promise<Result<readonly string[], Refusal>> {
  const body = await ask(`${dohUrl}?name=${encodeURIComponent(name)}&type=TXT`, fetch)
  const answer = answerSchema.safeParse(body)
  if (!answer.success) return refuse('admin.dns_unavailable')
  const { Status: status, Answer: records = [] } = answer.data
  if (status === nameError) return ok([])
  if (status !== 0) return refuse('admin.dns_unavailable')
  return ok(records.filter(({ type }) => type === 16).map(({ data }) => joinStrings(data)))
}

/** The parsed JSON of an answer with status 200; null for anything else. */
async function ask(url: string, fetch: Deps['fetch']): Promise<unknown> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/dns-json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.dnsMs),
    })
    const bytes = await readBody(response, limits.dnsAnswerBytes)
    return response.status === 200 && bytes !== null ? JSON.parse(decodeUtf8(bytes) ?? '') : null
  } catch {
    return null // unreachable, too slow or not JSON: all the same to who asked
  }
}

/** A TXT record is a row of quoted strings that count as one text (RFC 7208 3.3); some services leave the quotes out. */
function joinStrings(data: string): string {
  const quoted = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '')
  return quoted.length === 0 ? data : quoted.join('').replaceAll(/\\(.)/g, '$1')
}
