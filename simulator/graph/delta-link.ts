import type { World } from '../world.ts'
import { type GraphSettings, loadGraphSettings } from './settings.ts'

/** What a delta was asked for: it stands in every link and cannot be changed on the way. */
export type DeltaOptions = {
  readonly select: readonly string[]
  readonly ids: readonly string[] | null
  readonly isMinimal: boolean
}

/** How far a reader has come: through everybody, or through what changed after a number. */
export type DeltaPlace =
  | { readonly pass: 'full'; readonly after: string; readonly until: number }
  | {
      readonly pass: 'changes'
      /** Where the reader stood when this round began. */
      readonly since: number
      readonly after: number
      readonly until: number
    }

export type DeltaState = { readonly options: DeltaOptions; readonly place: DeltaPlace }

type Token = DeltaState & { readonly atMs: number; readonly epoch: number }

/** Makes the address of the next page, or of the next round. */
export function deltaLink(
  { sql, baseUrl, nowMs }: World,
  name: '$skiptoken' | '$deltatoken',
  state: DeltaState,
): string {
  const { deltaEpoch, linkPadding } = loadGraphSettings(sql)
  const token: Token = { ...state, atMs: nowMs(), epoch: deltaEpoch }
  const text = Buffer.from(JSON.stringify(token)).toString('base64url')
  return `${baseUrl}/v1.0/users/delta?${name}=${text}.${'A'.repeat(linkPadding)}`
}

/** Reads a token; null when it is none of ours. */
export function readDeltaToken(
  { sql, nowMs }: World,
  text: string,
): { readonly state: DeltaState; readonly isExpired: boolean } | null {
  const token = parse(text.split('.')[0] ?? '')
  if (token === null) return null
  const { options, place } = token
  return { state: { options, place }, isExpired: isExpired(token, loadGraphSettings(sql), nowMs()) }
}

function isExpired(token: Token, settings: GraphSettings, nowMs: number): boolean {
  const endsAtMs = token.atMs + settings.deltaTokenSeconds * 1000
  return token.epoch !== settings.deltaEpoch || nowMs >= endsAtMs
}

function parse(text: string): Token | null {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null // not a token of ours
  }
}
