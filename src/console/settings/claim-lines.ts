/** Which claims an attribute is read from, before the usual ones. */
export type ClaimNames = Readonly<Record<string, readonly string[]>>

/** One line for each claim: `department = https://…/dept`. */
export function claimLines(names: ClaimNames): string {
  return Object.entries(names)
    .flatMap(([key, list]) => list.map((name) => `${key} = ${name}`))
    .join('\n')
}

/** Reads the lines; several of one attribute are tried in their order. A line without `=` names no claim. */
export function readClaimLines(text: string): ClaimNames {
  const names: Record<string, string[]> = Object.create(null)
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const [key = '', ...rest] = line.split('=')
    names[key.trim()] = [...(names[key.trim()] ?? []), rest.join('=').trim()]
  }
  return { ...names }
}
