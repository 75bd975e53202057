import type { HealthAnswer, StatisticsAnswer } from '../../admin/index.ts'
import { Badge, Card, distance, Facts, Notice, Time } from '../ui/index.ts'
import { Activity } from './activity.tsx'
import { ends, findingWords, runTones, states, statusTones } from './words.ts'

/** How one organization is doing. Holds no logic. */
export function OrganizationPage(props: {
  readonly health: HealthAnswer
  readonly statistics: StatisticsAnswer
  /** Of the organization's pages. */
  readonly base: string
  readonly nowMs: number
}) {
  const { health, base, nowMs } = props
  return (
    <>
      <Findings {...props} />
      <Card title="Health" actions={<State state={health.state} />}>
        <Facts rows={factsOf(health, { base, nowMs })} />
      </Card>
      <Activity statistics={props.statistics} page={base} codeUrl={`${base}/events?code=`} />
    </>
  )
}

export function State({ state }: { readonly state: HealthAnswer['state'] }) {
  return <Badge tone={states[state].tone}>{states[state].word}</Badge>
}

function Findings(props: {
  readonly health: HealthAnswer
  readonly base: string
  readonly nowMs: number
}) {
  const { health, base, nowMs } = props
  return (
    <>
      {health.findings.map(({ kind, level, subject, at, count }) => {
        const words = findingWords[kind]
        const name = health.connections.find(({ id }) => id === subject)?.name
        return (
          <Notice tone={level === 'setup' ? 'idle' : level}>
            <strong>{words.what}</strong>
            <p>
              {name !== undefined && <>Connection {name}. </>}
              {at !== undefined && <>{when(kind, distance(new Date(at).getTime(), nowMs))} </>}
              {count !== undefined && <>{count >= 1000 ? '1,000 or more' : count} open. </>}
              {words.todo} <a href={`${base}${words.path}`}>{words.link}</a>
            </p>
          </Notice>
        )
      })}
    </>
  )
}

/** The time of a finding in its own words: an end, or something that happened. */
function when(kind: HealthAnswer['findings'][number]['kind'], gap: string): string {
  if (/_expir/.test(kind)) return kind.endsWith('expired') ? `Expired ${gap}.` : `Expires ${gap}.`
  return kind === 'scim_silent'
    ? `Last heard of ${gap}.`
    : `${gap[0]?.toUpperCase()}${gap.slice(1)}.`
}

function factsOf(
  { connections, scim, graph, reconcile, openDrift, lastSignInAt }: HealthAnswer,
  { base, nowMs }: { readonly base: string; readonly nowMs: number },
): Parameters<typeof Facts>[0]['rows'] {
  return [
    ['Last sign-in', <Time at={lastSignInAt} nowMs={nowMs} />],
    ...connections.map(
      ({ name, status, certificatesLastUntil }) =>
        [
          `Connection ${name}`,
          <>
            <Badge tone={statusTones[status]}>{status}</Badge>{' '}
            {certificatesLastUntil === null ? (
              'without a certificate'
            ) : (
              <>
                certificate {ends(certificatesLastUntil, nowMs)}{' '}
                <Time at={certificatesLastUntil} nowMs={nowMs} />
              </>
            )}
          </>,
        ] as const,
    ),
    ...(connections.length === 0
      ? [['Connection', <a href={`${base}/setup`}>none yet</a>] as const]
      : []),
    ['Provisioning by SCIM', scimFact(scim, nowMs)],
    [
      'Microsoft Graph',
      graph === null ? (
        <span class="soft">not set up</span>
      ) : graph.expiresAt === null ? (
        'set up'
      ) : (
        <>
          credential {ends(graph.expiresAt, nowMs)} <Time at={graph.expiresAt} nowMs={nowMs} />
        </>
      ),
    ],
    [
      'Reconciliation',
      reconcile === null ? (
        <span class="soft">never run</span>
      ) : (
        <>
          <Badge tone={runTones[reconcile.status]}>{reconcile.status}</Badge>{' '}
          <Time at={reconcile.at} nowMs={nowMs} />
        </>
      ),
    ],
    [
      'Open differences',
      openDrift === 0 ? 'none' : openDrift >= 1000 ? '1,000 or more' : openDrift,
    ],
  ]
}

function scimFact(
  { enabled, credentials, expiresAt, lastCallAt }: HealthAnswer['scim'],
  nowMs: number,
) {
  if (!enabled) return <span class="soft">switched off</span>
  if (credentials === 0) return <span class="soft">no credential yet</span>
  return (
    <>
      last call <Time at={lastCallAt} nowMs={nowMs} />
      {expiresAt !== null && (
        <>
          , credential {ends(expiresAt, nowMs)} <Time at={expiresAt} nowMs={nowMs} />
        </>
      )}
    </>
  )
}
