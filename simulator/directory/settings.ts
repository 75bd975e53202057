import { type Sql, textIn } from './sql.ts'

/** What a tenant does where Entra's documents disagree with each other or with what was seen. */
export type Settings = {
  /** Issuer of a LogoutResponse. Documents say login.microsoftonline.com, here the base URL; `sts` is that of assertions. */
  readonly logoutResponseIssuer: 'login' | 'sts'
  /** Refuses a LogoutRequest whose NameID is nobody's here (AADSTS50070). Current documents: not looked at. */
  readonly checksLogoutNameId: boolean
}

const defaults: Settings = { logoutResponseIssuer: 'login', checksLogoutNameId: false }

export function loadSettings(sql: Sql): Settings {
  const [row] = sql.all("SELECT value FROM settings WHERE key = 'tenant'")
  return row === undefined ? defaults : { ...defaults, ...JSON.parse(textIn(row, 'value')) }
}

export function saveSettings(sql: Sql, settings: Settings): void {
  sql.all("INSERT OR REPLACE INTO settings VALUES ('tenant', ?)", JSON.stringify(settings))
}
