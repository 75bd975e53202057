import type { RefreshAnswer } from '../../admin/index.ts'
import { Button, Card, Facts, Field, Form, Notice, Shown, Time } from '../ui/index.ts'
import type { ConnectionProps } from './connection-props.ts'
import { filled } from './sent.ts'

type Pending = NonNullable<RefreshAnswer['pending']>

/** Where the provider's metadata is read, how that went, and changes that wait for an admin's word. */
export function Metadata(props: ConnectionProps & { readonly path: string }) {
  const { request, refresh, sent, path } = props
  const { nowMs } = request
  const form = filled(sent, 'metadata')
  const { pending } = refresh
  return (
    <Card
      title="Metadata of the provider"
      actions={
        refresh.metadataUrl !== null && (
          <Form inline request={request} action={`${path}/refresh`}>
            <Button kind="quiet">Refresh now</Button>
          </Form>
        )
      }
    >
      {refresh.failure !== null && (
        <Notice tone="bad">
          <strong>
            {refresh.failures === 1
              ? 'The last document could not be used.'
              : `The last ${refresh.failures} documents could not be used.`}
          </strong>
          <p>{refresh.failure.message}</p>
          <p class="soft small">What was trusted before stays. {refresh.failure.code}</p>
        </Notice>
      )}
      {pending !== null && pending.dismissedAt === null && <Waiting {...props} pending={pending} />}
      {pending !== null && pending.dismissedAt !== null && (
        <p class="soft">
          Changes were left out <Time at={pending.dismissedAt} nowMs={nowMs} /> and are not asked
          about again.
        </p>
      )}
      {refresh.metadataUrl !== null && (
        <Facts
          rows={[
            ['Read last', <Time at={refresh.checkedAt} nowMs={nowMs} />],
            ['Read next', <Time at={refresh.dueAt} nowMs={nowMs} />],
          ]}
        />
      )}
      <Form request={request} action={`${path}/metadata`} problem={form.problem}>
        <Shown version={props.connection.version} />
        <Field
          label="Metadata URL"
          name="metadataUrl"
          type="url"
          value={form.text('metadataUrl', refresh.metadataUrl ?? '')}
          hint="App Federation Metadata Url in Entra. It is read at once and then daily. Left empty, nothing is refreshed."
          error={form.error('metadataUrl')}
        />
        <Button kind="quiet">Save and read</Button>
      </Form>
    </Card>
  )
}

const words: Readonly<Record<Pending['changes'][number]['kind'], string>> = {
  add_certificate: 'Trust another certificate',
  change_sso_url: 'Another sign-in address',
  change_slo_url: 'Another sign-out address',
  change_slo_response_url: 'Another address for answers to sign-outs',
}

function Waiting(props: ConnectionProps & { readonly path: string; readonly pending: Pending }) {
  const { request, path, pending } = props
  return (
    <Notice tone="warn">
      <strong>The metadata has changed, and nobody but its server vouches for that.</strong>
      <p>
        Compare it with what the provider’s portal shows. Since{' '}
        <Time at={pending.since} nowMs={request.nowMs} />:
      </p>
      <ul>
        {pending.changes.map((change) => (
          <li>
            {words[change.kind]}: {detail(change)}
          </li>
        ))}
      </ul>
      <div class="row">
        {(['approve', 'dismiss'] as const).map((step) => (
          <Form inline request={request} action={`${path}/${step}`}>
            <input type="hidden" name="hash" value={pending.hash} />
            <Button kind={step === 'approve' ? 'primary' : 'quiet'}>
              {step === 'approve' ? 'Approve all' : 'Leave them out'}
            </Button>
          </Form>
        ))}
      </div>
    </Notice>
  )
}

function detail({ certificate, from, to }: Pending['changes'][number]) {
  if (certificate !== undefined) {
    return (
      <>
        <code>{certificate.sha256}</code>, {certificate.subject}, valid until{' '}
        {certificate.notAfter.slice(0, 10)}
      </>
    )
  }
  return (
    <>
      <code>{to ?? 'none'}</code> instead of <code>{from ?? 'none'}</code>
    </>
  )
}
