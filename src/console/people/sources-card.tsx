import type { UserAnswer } from '../../admin/index.ts'
import { Card, Empty, Table, Time } from '../ui/index.ts'
import {
  type Source,
  type SourceRow,
  shortName,
  sources,
  type sourceTable,
  sourceWords,
} from './words.ts'

/** The profile with where each value came from, beside what every source says. Holds no logic. */
export function SourcesCard(props: {
  readonly user: UserAnswer
  readonly table: ReturnType<typeof sourceTable>
  readonly mapping: string
  readonly nowMs: number
}) {
  const { user, nowMs } = props
  const { rows, unread } = props.table
  const shown = sources.filter((source) => user.sources[source] !== undefined)
  return (
    <Card title="Profile and sources" actions={<a href={props.mapping}>How values are chosen</a>}>
      {rows.length === 0 ? (
        <Empty title="No source says anything yet" />
      ) : (
        <Table
          head={['Attribute', 'Value', 'From', ...shown.map((source) => sourceWords[source])]}
          caption="Values of the profile, and what each source says"
        >
          {rows.map((row) => (
            <tr>
              <th scope="row" data-label="Attribute">
                {row.key}
              </th>
              <td data-label="Value">
                {row.value === '' ? <span class="soft">blank</span> : row.value}
              </td>
              <td data-label="From">
                <Origin user={user} row={row} nowMs={nowMs} />
              </td>
              <Cells row={row} shown={shown} />
            </tr>
          ))}
        </Table>
      )}
      {shown.length > 0 && (
        <p class="soft small">
          {shown.map((source, i) => (
            <>
              {i > 0 && ' · '}
              {sourceWords[source]} spoke last{' '}
              <Time at={user.sources[source]?.at ?? null} nowMs={nowMs} />
            </>
          ))}
        </p>
      )}
      {unread.length > 0 && (
        <details>
          <summary>What is said and not used ({unread.length})</summary>
          <Table
            head={['Name', ...shown.map((source) => sourceWords[source])]}
            caption="Values that no rule of the mapping reads"
          >
            {unread.map((row) => (
              <tr>
                <th scope="row" data-label="Name">
                  <code>{row.key}</code>
                </th>
                <Cells row={row} shown={shown} />
              </tr>
            ))}
          </Table>
        </details>
      )}
    </Card>
  )
}

function Origin(props: {
  readonly user: UserAnswer
  readonly row: SourceRow
  readonly nowMs: number
}) {
  const found = props.user.provenance[props.row.key]
  if (found === undefined) return <span class="soft">nobody</span>
  return (
    <>
      {sourceWords[found.source]}, <Time at={found.at} nowMs={props.nowMs} />
      <br />
      <code class="soft small" title={found.rule}>
        {shortName(found.rule)}
      </code>
    </>
  )
}

function Cells({ row, shown }: { readonly row: SourceRow; readonly shown: readonly Source[] }) {
  return (
    <>
      {shown.map((source) => (
        <td data-label={sourceWords[source]}>
          {(row.cells[source] ?? []).map(({ name, text }) => (
            <div title={name}>{text === '' ? <span class="soft">blank</span> : text}</div>
          ))}
        </td>
      ))}
    </>
  )
}
