import type { ConnectionAnswer } from '../../admin/index.ts'
import { Badge, Button, Card, Copy, Form, Time, type Tone } from '../ui/index.ts'
import type { ConnectionProps } from './connection-props.ts'

type Key = ConnectionAnswer['keys'][number]

const tones: Readonly<Record<Key['state'], Tone>> = {
  active: 'good',
  next: 'warn',
  previous: 'idle',
}

const uses: Readonly<Record<Key['purpose'], string>> = {
  signing: 'signs our requests',
  encryption: 'decrypts what the provider encrypts',
}

const steps = [
  ['prepare', 'Prepare the next', 'It stands in our metadata from now on; nothing uses it yet.'],
  [
    'switch',
    'Switch to the next',
    'Once the provider has it. The old one is kept for what is under way.',
  ],
  ['retire', 'Retire the previous', 'It is deleted.'],
] as const

/** Portico's own key pairs for a connection, and the three steps of replacing them. */
export function Keys(props: ConnectionProps & { readonly path: string }) {
  const { request, connection, path } = props
  return (
    <Card title="Our own keys">
      {connection.keys.map((key) => (
        <details>
          <summary>
            <code>{key.id.slice(0, 12)}</code> {uses[key.purpose]}{' '}
            <Badge tone={tones[key.state]}>{key.state}</Badge>{' '}
            <span class="soft small">
              made <Time at={key.createdAt} nowMs={request.nowMs} />
            </span>
          </summary>
          <Copy block label="Certificate" value={key.certificate} />
        </details>
      ))}
      <h3>Replace them</h3>
      <ol class="spaced">
        {steps.map(([step, label, what]) => (
          <li>
            <Form inline request={request} action={`${path}/keys`}>
              <Button kind={step === 'retire' ? 'danger' : 'quiet'} name="step" value={step}>
                {label}
              </Button>
              <span class="soft small">{what}</span>
            </Form>
          </li>
        ))}
      </ol>
    </Card>
  )
}
