import { Button, errorOf, Field, Form, Select } from '../ui/index.ts'
import type { OfferProps, SetupPage } from './page.ts'

/** The credential for Microsoft Graph; its certificate once it has one. */
export function Graph({ page, problem }: OfferProps) {
  const { facts, href, open, request } = page
  const { form } = request
  const isSent = form.has('clientId')
  const text = (name: string, otherwise = '') => (isSent ? form.text(name) : otherwise)
  return (
    <>
      {facts.graph?.kind === 'certificate' && (
        <p>
          <a href={href('/graph/certificate.pem')}>The certificate to upload in Entra</a>
        </p>
      )}
      <Form request={request} action={href('/graph', open.key)} problem={problem}>
        <Field
          label="Directory (tenant) ID"
          name="tenantId"
          required
          value={text('tenantId', facts.connection?.tenantId ?? '')}
          error={errorOf(problem, 'tenantId')}
        />
        <Field
          label="Application (client) ID of the registration"
          name="clientId"
          required
          value={text('clientId', facts.graph?.clientId)}
          error={errorOf(problem, 'clientId')}
        />
        <Field
          label="Application ID of the application that people sign in with"
          name="appId"
          hint="Enterprise apps › your application › Properties. Empty, if it is the registration itself."
          value={text('appId', appIdOf(page))}
          error={errorOf(problem, 'appId')}
        />
        <Select
          label="How it proves itself"
          name="proof"
          value={text('proof', 'certificate')}
          options={[
            ['certificate', 'A certificate that Portico makes now'],
            ['secret', 'A client secret'],
          ]}
          error={errorOf(problem, 'certificate')}
        />
        <Field
          label="Client secret, if that is chosen"
          name="clientSecret"
          type="password"
          autocomplete="off"
          error={errorOf(problem, 'clientSecret')}
        />
        <Button>Store</Button>
      </Form>
    </>
  )
}

/** Entra's metadata address names the application. */
function appIdOf({ facts }: SetupPage): string {
  const address = URL.parse(facts.connection?.metadataUrl ?? '')
  return address?.searchParams.get('appid') ?? ''
}

/** Asks for the permission check. */
export function CheckGraph({ page, problem }: OfferProps) {
  const { facts, href, open, request } = page
  return facts.graph === null ? null : (
    <Form request={request} action={href('/graph/check', open.key)} problem={problem}>
      <Button>Check now</Button>
    </Form>
  )
}
