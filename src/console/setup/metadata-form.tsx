import { Button, Copy, errorOf, Field, Form, TextArea } from '../ui/index.ts'
import type { OfferProps } from './page.ts'

/** The metadata by its address, as a file, or by hand: makes the connection, or changes it. */
export function Metadata({ page, problem }: OfferProps) {
  const { facts, href, request } = page
  const { form } = request
  const { connection } = facts
  const by = form.text('by')
  const action = href('/metadata', page.open.key)
  const isNew = connection === null
  const send = isNew ? 'Make the connection' : 'Replace'
  return (
    <>
      {connection !== null && (
        <Copy label="Connection id, which the script asks for" value={connection.id} />
      )}
      {!isNew && (
        <p class="small soft">
          Metadata is here
          {connection.metadataUrl === null ? '' : `, from ${connection.metadataUrl}`}.
        </p>
      )}
      <Form request={request} action={action} problem={by === 'url' ? problem : null}>
        <input type="hidden" name="by" value="url" />
        <Field
          label="Address of the metadata"
          name="metadataUrl"
          type="url"
          required
          value={form.text('metadataUrl')}
          error={errorOf(problem, 'metadataUrl')}
        />
        <Button kind={isNew ? 'primary' : 'quiet'}>{send}</Button>
      </Form>
      <details open={by === 'file'}>
        <summary>Upload the metadata file instead</summary>
        <Form request={request} action={action} problem={by === 'file' ? problem : null} upload>
          <input type="hidden" name="by" value="file" />
          <Field
            label="Metadata XML"
            name="file"
            type="file"
            required
            error={errorOf(problem, 'metadataXml')}
          />
          <Button kind="quiet">{send}</Button>
        </Form>
      </details>
      <details open={by === 'manual'}>
        <summary>Enter it by hand instead</summary>
        <Form request={request} action={action} problem={by === 'manual' ? problem : null}>
          <input type="hidden" name="by" value="manual" />
          <Field
            label="Issuer (Microsoft Entra Identifier)"
            name="entityId"
            required
            value={form.text('entityId')}
            error={errorOf(problem, 'manual.entityId')}
          />
          <Field
            label="Login URL"
            name="ssoUrl"
            type="url"
            required
            value={form.text('ssoUrl')}
            error={errorOf(problem, 'manual.ssoUrl')}
          />
          <TextArea
            label="Signing certificate (Base64)"
            name="certificate"
            code
            required
            value={form.text('certificate')}
            error={
              errorOf(problem, 'manual.certificates.0') ?? errorOf(problem, 'manual.certificates')
            }
          />
          <Button kind="quiet">{send}</Button>
        </Form>
      </details>
    </>
  )
}
