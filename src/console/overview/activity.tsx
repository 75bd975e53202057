import type { StatisticsAnswer } from '../../admin/index.ts'
import { BarChart, LineChart } from '../charts/index.ts'
import { Card, Empty } from '../ui/index.ts'
import { latencySummary, number, scimSummary, shortDay, signInSummary } from './words.ts'

/** How far back charts can look, in days. */
export const ranges = ['7', '30', '90'] as const

/** What happened day by day: sign-ins, why they were refused, SCIM requests, and how long sign-ins take. */
export function Activity(props: {
  readonly statistics: StatisticsAnswer
  /** The page itself, without a query. */
  readonly page: string
  /** Where more about a code is: an address that it completes. */
  readonly codeUrl: string
}) {
  const { statistics, page } = props
  const { signIns, scim, latency, refusals } = statistics
  const hasSignIns = signIns.some(({ success, refused }) => success + refused > 0)
  const hasScim = scim.some(({ reads, writes, refused }) => reads + writes + refused > 0)
  return (
    <Card title="Activity" actions={<Range page={page} days={signIns.length} />}>
      {!hasSignIns && !hasScim ? (
        <Empty title="Nothing happened in this time">
          <p>Sign-ins and provisioning requests appear here within a minute.</p>
        </Empty>
      ) : (
        <div class="charts">
          <BarChart
            title="Sign-ins per day"
            summary={signInSummary(statistics)}
            series={[
              { name: 'Succeeded', look: 'good' },
              { name: 'Refused', look: 'bad' },
            ]}
            rows={signIns.map(({ day, success, refused }) => ({
              label: shortDay(day),
              values: [success, refused],
            }))}
          />
          <BarChart
            title="SCIM requests per day"
            summary={scimSummary(statistics)}
            series={[
              { name: 'Reads', look: 'idle' },
              { name: 'Changes', look: 'main' },
              { name: 'Refused', look: 'bad' },
            ]}
            rows={scim.map(({ day, reads, writes, refused }) => ({
              label: shortDay(day),
              values: [reads, writes, refused],
            }))}
          />
          <LineChart
            title="Time to finish a sign-in"
            summary={latencySummary(statistics)}
            unit="ms"
            series={[
              { name: 'Median', look: 'solid' },
              { name: '95%', look: 'dashed' },
              { name: '99%', look: 'dotted' },
            ]}
            rows={latency.days.map(({ day, p50, p95, p99 }) => ({
              label: shortDay(day),
              values: [p50, p95, p99],
            }))}
          />
          <Refusals refusals={refusals} codeUrl={props.codeUrl} />
        </div>
      )}
    </Card>
  )
}

function Range({ page, days }: { readonly page: string; readonly days: number }) {
  return (
    <nav class="row small" aria-label="Time shown">
      {ranges.map((range) => (
        <a
          href={`${page}?days=${range}`}
          {...(range === String(days) ? { 'aria-current': 'true' as const } : {})}
        >
          {range} days
        </a>
      ))}
    </nav>
  )
}

function Refusals(props: {
  readonly refusals: StatisticsAnswer['refusals']
  readonly codeUrl: string
}) {
  const { refusals, codeUrl } = props
  return (
    <div>
      <h3>Why sign-ins were refused</h3>
      {refusals.length === 0 ? (
        <p class="soft">None was.</p>
      ) : (
        <ul>
          {refusals.map(({ code, count }) => (
            <li>
              <a href={`${codeUrl}${code}`}>
                <code>{code}</code>
              </a>{' '}
              <span class="soft number">× {number(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
