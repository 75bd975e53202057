type Rule = readonly [name: string, pattern: RegExp]

/** The first that fits: each also says that it is those below it. */
const browsers: readonly Rule[] = [
  ['Edge', /\bEdg/],
  ['Firefox', /\bFirefox|\bFxiOS/],
  ['Chrome', /Chrome|CriOS/],
  ['Safari', /\bSafari/],
]

const systems: readonly Rule[] = [
  ['iOS', /iPhone|iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS/],
  ['Linux', /Linux|X11/],
]

/** What a browser calls itself, short: `Edge on Windows`. It says what it likes, so this proves nothing. */
export function browserWords(userAgent: unknown): string {
  if (typeof userAgent !== 'string') return 'unknown browser'
  const nameIn = (rules: readonly Rule[]) => rules.find(([, fits]) => fits.test(userAgent))?.[0]
  const system = nameIn(systems)
  return `${nameIn(browsers) ?? 'A browser'}${system === undefined ? '' : ` on ${system}`}`
}
