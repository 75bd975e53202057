/** Rows as Markdown, so that they go into docs/performance.md as they are. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

export const milliseconds = (ms: number) => (ms < 1 ? ms.toFixed(3) : ms.toFixed(2))
export const times = (ratio: number) => `${ratio.toFixed(1)}×`
