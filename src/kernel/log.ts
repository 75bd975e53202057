/** One line of structured log. Personal values and secrets have no place in `fields`. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void

/** Where the parameters of a query begin in the message of what a database client throws. */
const parameters = /\s*\bparams:[\s\S]*$/

/**
 * What a log may say of something thrown: its first cause, without the parameters of a query, which are
 * personal values, and where it was thrown.
 */
export function errorFields(error: unknown): {
  readonly message: string
  readonly stack: string | undefined
} {
  let cause = error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  const message = cause instanceof Error ? cause.message : String(cause)
  // A stack begins with the message; only the places are kept.
  const stack = error instanceof Error ? error.stack?.replace(error.message, () => '') : undefined
  return {
    message: message.replace(parameters, ''),
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
  }
}

/** Writes JSON lines to the console, where Workers Logs picks them up. */
export const consoleLog: Log = (level, message, fields = {}) => {
  console[level](JSON.stringify({ level, message, ...fields }))
}
