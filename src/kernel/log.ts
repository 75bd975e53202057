/** One line of structured log. Personal values and secrets have no place in `fields`. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void

/** Writes JSON lines to the console, where Workers Logs picks them up. */
export const consoleLog: Log = (level, message, fields = {}) => {
  console[level](JSON.stringify({ level, message, ...fields }))
}
