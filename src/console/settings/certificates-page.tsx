import type { ConnectionAnswer } from '../../admin/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Button, Card, Empty, Form, Notice, Table, Time, type Tone } from '../ui/index.ts'
import { type CertificateState, type Dated, stateOf, summaryOf, timelineOf } from './timeline.ts'

type Certificate = ConnectionAnswer['idp']['certificates'][number]

const tones: Readonly<Record<CertificateState, Tone>> = {
  trusted: 'good',
  'ends soon': 'warn',
  retiring: 'warn',
  'not valid yet': 'idle',
  expired: 'bad',
  retired: 'idle',
}

/** With which certificates the providers sign, when they end, and what is trusted. */
export function CertificatesPage(props: {
  readonly request: ConsoleRequest
  readonly connections: readonly ConnectionAnswer[]
}) {
  const { request, connections } = props
  if (connections.length === 0) {
    return (
      <Empty title="No connection yet">
        <p>
          <a href={url(request, '/setup')}>Set up the first connection</a>: its metadata brings the
          certificates.
        </p>
      </Empty>
    )
  }
  return (
    <>
      <p class="soft">
        A sign-in is accepted when one of the trusted certificates signed it. The metadata of the
        provider brings new ones; one that vanished from it is retired by itself once the next has
        been used.
      </p>
      {connections.map((connection) => (
        <OfConnection request={request} connection={connection} />
      ))}
    </>
  )
}

function OfConnection(props: {
  readonly request: ConsoleRequest
  readonly connection: ConnectionAnswer
}) {
  const { request, connection } = props
  const { certificates } = connection.idp
  const isNoneTrusted = !certificates.some((one) =>
    ['trusted', 'ends soon', 'retiring'].includes(stateOf(datesOf(one), request.nowMs)),
  )
  return (
    <Card
      title={connection.name}
      actions={
        <a class="button quiet" href={url(request, `/settings/connections/${connection.id}`)}>
          Connection
        </a>
      }
    >
      {isNoneTrusted && (
        <Notice tone="bad">
          <strong>No certificate is in force, so nobody can sign in.</strong>
          <p>
            Make a new one active in Entra: Enterprise applications, the application, Single
            sign-on, SAML Certificates. Then refresh the metadata of the connection.
          </p>
        </Notice>
      )}
      <Picture dates={certificates.map(datesOf)} nowMs={request.nowMs} />
      <Table
        head={['Certificate', 'State', 'Valid', 'Last used', 'Actions']}
        caption={`Certificates of ${connection.name}`}
      >
        {certificates.map((one) => (
          <CertificateRow request={request} connection={connection} certificate={one} />
        ))}
      </Table>
    </Card>
  )
}

function CertificateRow(props: {
  readonly request: ConsoleRequest
  readonly connection: ConnectionAnswer
  readonly certificate: Certificate
}) {
  const { request, connection, certificate: one } = props
  const { nowMs } = request
  const state = stateOf(datesOf(one), nowMs)
  const step = one.retiredAt === null && one.retireAt === null ? 'retire' : 'restore'
  return (
    <tr>
      <td data-label="Certificate">
        <code title={one.sha256}>{one.sha256.slice(0, 8)}</code>
        <p class="soft small">
          {one.subject} · {one.origin === 'metadata' ? 'from metadata' : 'added by hand'}
        </p>
      </td>
      <td data-label="State">
        <Badge tone={tones[state]}>{state}</Badge>
        {one.retiredAt === null && one.retireAt !== null && (
          <p class="soft small">
            Retires <Time at={one.retireAt} nowMs={nowMs} />
          </p>
        )}
      </td>
      <td data-label="Valid">
        <span class="nowrap">{one.notBefore.slice(0, 10)} to</span>{' '}
        <span class="nowrap">{one.notAfter.slice(0, 10)}</span>
        <p class="soft small">
          {state === 'expired' ? 'ended' : 'ends'} <Time at={one.notAfter} nowMs={nowMs} />
        </p>
      </td>
      <td data-label="Last used">
        <Time at={one.lastVerifiedAt} nowMs={nowMs} />
      </td>
      <td>
        <Form
          inline
          request={request}
          action={url(request, `/settings/certificates/${connection.id}/${one.sha256}/${step}`)}
        >
          <Button kind={step === 'retire' ? 'danger' : 'quiet'}>
            {step === 'retire' ? 'Retire' : 'Trust again'}
            <span class="hidden"> {one.sha256.slice(0, 8)}</span>
          </Button>
        </Form>
      </td>
    </tr>
  )
}

function Picture({ dates, nowMs }: { readonly dates: readonly Dated[]; readonly nowMs: number }) {
  const { width, height, left, right, bottom, todayX, ticks, bars } = timelineOf(dates, nowMs)
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={summaryOf(dates, nowMs)}
    >
      <line class="axis" x1={left} x2={right} y1={bottom} y2={bottom} />
      {ticks.map(({ at, label }) => (
        <>
          <line class="axis" x1={at} x2={at} y1={14} y2={bottom} />
          <text x={at} y={bottom + 16} text-anchor="middle">
            {label}
          </text>
        </>
      ))}
      {bars.map((bar) => (
        <>
          <text x={left - 8} y={bar.y + 11} text-anchor="end">
            {bar.label}
          </text>
          <rect
            class={tones[bar.state]}
            x={bar.x}
            y={bar.y}
            width={bar.width}
            height={bar.height}
            rx={3}
          />
          {bar.stopX !== null && (
            <path class="line" d={`M${bar.stopX} ${bar.y - 4}v${bar.height + 8}`} />
          )}
        </>
      ))}
      <path class="line" d={`M${todayX} 12V${bottom}`} stroke-dasharray="3 3" />
      <text x={todayX} y={9} text-anchor="middle">
        today
      </text>
    </svg>
  )
}

function datesOf(one: Certificate): Dated {
  return {
    sha256: one.sha256,
    notBeforeMs: msOf(one.notBefore),
    notAfterMs: msOf(one.notAfter),
    retireAtMs: one.retireAt === null ? null : msOf(one.retireAt),
    retiredAtMs: one.retiredAt === null ? null : msOf(one.retiredAt),
  }
}

function msOf(iso: string): number {
  return new Date(iso).getTime()
}
