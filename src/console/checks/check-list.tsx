import type { CheckAnswer } from '../../admin/index.ts'
import { Badge, Table } from '../ui/index.ts'
import { stateWords } from './words.ts'

/** Every check of a response with its result and its evidence. Holds no logic. */
export function CheckList({ checks }: { readonly checks: readonly CheckAnswer[] }) {
  return (
    <Table
      caption="Checks in the order in which they are made"
      head={['Check', 'Result', 'Evidence']}
    >
      {checks.map((check) => (
        <tr>
          <th scope="row">
            {check.label}
            <p class="hint">{check.asks}</p>
          </th>
          <td data-label="Result">
            <Badge tone={stateWords[check.state].tone}>{stateWords[check.state].label}</Badge>
          </td>
          <td data-label="Evidence">
            {check.means !== null && (
              <p>
                <strong>{check.means}</strong> {check.fix}
              </p>
            )}
            <Evidence of={check.evidence} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** Names and values as they were found. */
export function Evidence({ of }: { readonly of: Readonly<Record<string, string>> }) {
  const entries = Object.entries(of)
  if (entries.length === 0) return null
  return (
    <dl class="evidence">
      {entries.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
