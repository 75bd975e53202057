import { type Sql, textIn } from '../directory/index.ts'

/** How Graph behaves as long as nothing goes wrong. */
export type GraphSettings = {
  /** Objects on a page of `users/delta`. */
  readonly deltaPageSize: number
  /** Objects on a page of any other list that does not ask for a number with `$top`. */
  readonly listPageSize: number
  readonly tokenSeconds: number
  /** How long nextLinks and deltaLinks are good for. */
  readonly deltaTokenSeconds: number
  /** Links made before this was raised are good for nothing. */
  readonly deltaEpoch: number
  /** How a link that is good for nothing is answered: 410 with a Location, or 400 with one of two codes. */
  readonly expiredDelta: 'gone' | 'syncStateNotFound' | 'resyncRequired'
  /** What is added to the length of links: Graph's are long. */
  readonly linkPadding: number
}

export const graphDefaults: GraphSettings = {
  deltaPageSize: 100,
  listPageSize: 100,
  tokenSeconds: 3599,
  deltaTokenSeconds: 7 * 86_400,
  deltaEpoch: 0,
  expiredDelta: 'gone',
  linkPadding: 600,
}

export function loadGraphSettings(sql: Sql): GraphSettings {
  const [row] = sql.all("SELECT value FROM settings WHERE key = 'graph'")
  return row === undefined
    ? graphDefaults
    : { ...graphDefaults, ...JSON.parse(textIn(row, 'value')) }
}

export function saveGraphSettings(sql: Sql, settings: GraphSettings): void {
  sql.all("INSERT OR REPLACE INTO settings VALUES ('graph', ?)", JSON.stringify(settings))
}

/** Makes every nextLink and deltaLink that was given out so far good for nothing. */
export function expireDeltaLinks(sql: Sql): void {
  const settings = loadGraphSettings(sql)
  saveGraphSettings(sql, { ...settings, deltaEpoch: settings.deltaEpoch + 1 })
}
