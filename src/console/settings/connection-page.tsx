import { url } from '../show.tsx'
import {
  Badge,
  Button,
  Card,
  Check,
  Copy,
  Facts,
  Field,
  Form,
  Notice,
  ProblemBox,
  Shown,
  TextArea,
} from '../ui/index.ts'
import { claimLines } from './claim-lines.ts'
import { Keys } from './connection-keys.tsx'
import { Metadata } from './connection-metadata.tsx'
import type { ConnectionProps } from './connection-props.ts'
import { statusTones } from './connections-page.tsx'
import { filled } from './sent.ts'

/** One connection: its addresses, metadata, options and keys. */
export function ConnectionPage(props: ConnectionProps) {
  const { request, connection, sent } = props
  const path = url(request, `/settings/connections/${connection.id}`)
  return (
    <>
      {sent?.form === 'step' && <ProblemBox problem={sent.problem} />}
      {connection.warnings.map(({ message }) => (
        <Notice tone="warn">{message}</Notice>
      ))}
      <Addresses {...props} />
      <Metadata {...props} path={path} />
      <Options {...props} path={path} />
      <Keys {...props} path={path} />
      <Card title="Delete">
        <p class="soft">
          Possible while nobody is known by this connection alone. To stop sign-ins for now,{' '}
          <a href={url(request, '/rollout')}>disable it under Roll out</a>.
        </p>
        <a class="button danger" href={`${path}/delete`}>
          Delete connection
        </a>
      </Card>
    </>
  )
}

function Addresses({ request, connection }: ConnectionProps) {
  const { idp } = connection
  return (
    <Card
      title="Addresses"
      actions={
        <>
          <Badge tone={statusTones[connection.status]}>{connection.status}</Badge>
          <a href={url(request, '/rollout')}>Roll out</a>
        </>
      }
    >
      <Copy label="Identifier (Entity ID)" value={connection.entityId} />
      <Copy label="Reply URL (ACS URL)" value={connection.acsUrl} />
      <Copy label="Sign on URL" value={connection.loginUrl} />
      <Copy label="Logout URL" value={connection.logoutUrl} />
      <Facts
        rows={[
          ['Provider', <code>{idp.entityId}</code>],
          ['Its sign-in address', <code>{idp.ssoUrl}</code>],
          ['Its sign-out address', idp.sloUrl === null ? 'none' : <code>{idp.sloUrl}</code>],
          [
            'Its certificates',
            <a href={url(request, '/settings/certificates')}>
              {idp.certificates.length} on the timeline
            </a>,
          ],
        ]}
      />
    </Card>
  )
}

function Options({ request, connection, sent, path }: ConnectionProps & { readonly path: string }) {
  const form = filled(sent, 'options')
  const claimErrors = form.problem?.errors
    ?.filter(({ field }) => field.startsWith('claimNames'))
    .map(({ field, message }) => `${field.slice('claimNames.'.length)} ${message}`)
  return (
    <Card title="Options">
      <Form request={request} action={path} problem={form.problem}>
        <Shown version={connection.version} />
        <Field
          label="Name"
          name="name"
          required
          value={form.text('name', connection.name)}
          error={form.error('name')}
        />
        <Check
          label="People may start at the provider"
          name="allowIdpInitiated"
          checked={form.ticked('allowIdpInitiated', connection.allowIdpInitiated)}
          hint="My Apps and the Test button of Entra work: what arrives unasked starts a sign-in of our own, which the provider answers at once. Without it they are refused."
          error={form.error('allowIdpInitiated')}
        />
        <Check
          label="Accept what arrives unasked directly"
          name="acceptUnsolicited"
          checked={form.ticked('acceptUnsolicited', connection.acceptUnsolicited)}
          hint="Saves a round, and is weaker: somebody could sign another person’s browser in to their own account. Each such response still works only once."
          error={form.error('acceptUnsolicited')}
        />
        <Check
          label="Ask people to sign in again each time"
          name="forceAuthn"
          checked={form.ticked('forceAuthn', connection.forceAuthn)}
          hint="The provider does not reuse its own session."
        />
        <Check
          label="Sign requests"
          name="signRequests"
          checked={form.ticked('signRequests', connection.signRequests)}
          hint="For providers that check them. In Entra, upload our certificate under Verification certificates first; its Test button then stops working."
        />
        <Field
          label="More tolerance for clocks (seconds)"
          name="extraSkewSeconds"
          type="number"
          min={0}
          max={300}
          value={form.text('extraSkewSeconds', String(connection.extraSkewSeconds))}
          hint="On top of five minutes."
          error={form.error('extraSkewSeconds')}
        />
        {connection.idp.tenantId === null && (
          <Field
            label="Claim that identifies people"
            name="identityClaim"
            value={form.text('identityClaim', connection.identityClaim ?? '')}
            hint="One that never changes. Left empty: the NameID."
            error={form.error('identityClaim')}
          />
        )}
        <TextArea
          label="Claim names"
          name="claimNames"
          code
          rows={4}
          value={form.text('claimNames', claimLines(connection.claimNames))}
          placeholder="department = https://example.com/claims/dept"
          hint="One a line, tried before the usual names. The attribute stands first, then the claim."
          error={
            claimErrors === undefined || claimErrors.length === 0
              ? undefined
              : claimErrors.join('; ')
          }
        />
        <Button>Save</Button>
      </Form>
    </Card>
  )
}
