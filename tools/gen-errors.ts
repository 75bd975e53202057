import type { ErrorEntry } from '../src/kernel/index.ts'

/** `docs/errors.md`: every code of the registry, by domain. */
export function renderErrors(entries: Readonly<Record<string, ErrorEntry>>): string {
  const domains = Map.groupBy(Object.keys(entries).sort(), (code) => code.split('.')[0] ?? '')
  const sections = [...domains].map(([domain, codes]) => {
    const rows = codes.map((code) => {
      const entry = entries[code]
      if (entry === undefined) throw new Error(`no entry for ${code}`)
      const { status, means, fix, entra, spec } = entry
      return `| <a id="${code}"></a>\`${code}\` | ${status} | ${cell(means)} | ${cell(fix)} | ${cell(entra ?? '')} | ${cell(spec ?? '')} |`
    })
    return [
      `## ${domain}`,
      '',
      '| Code | Status | What happened | What to do | In Microsoft Entra | Rule |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n')
  })
  return [
    '# Error codes',
    '',
    'Made by `npm run gen` from the registry (`src/errors.ts`); do not edit.',
    '',
    'Codes are permanent. A person at a browser sees one plain sentence and a reference number; the code and',
    'its evidence stand in the event with that number. API clients get the code in problem details.',
    '',
    ...sections,
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
