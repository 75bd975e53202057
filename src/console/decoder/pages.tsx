import type { DecodeAnswer } from '../../admin/index.ts'
import type { Problem } from '../../http/index.ts'
import { CheckList, Evidence } from '../checks/check-list.tsx'
import { decisive, tally } from '../checks/words.ts'
import type { ConsoleRequest } from '../route.ts'
import {
  Badge,
  Button,
  Card,
  Code,
  errorOf,
  Facts,
  Form,
  Notice,
  Select,
  Table,
  TextArea,
} from '../ui/index.ts'
import { carrierWords, fitWords, kindWords, shownText, signatureWords } from './words.ts'

export type Choice = readonly [id: string, label: string]

const moments: readonly Choice[] = [
  ['issued', 'When the message was made'],
  ['now', 'Now'],
]

/** Something pasted, decoded and explained. Holds no logic. */
export function DecoderPage(props: {
  readonly request: ConsoleRequest
  readonly action: string
  readonly choices: readonly Choice[]
  readonly chosen: string
  readonly text: string
  readonly decoded: DecodeAnswer | null
  readonly problem: Problem | null
}) {
  const { request, decoded, problem } = props
  return (
    <>
      <Card>
        <Form request={request} action={props.action} problem={problem}>
          <TextArea
            label="Message"
            name="text"
            code
            required
            rows={8}
            value={props.text}
            error={errorOf(problem, 'text')}
            hint="A SAMLResponse or SAMLRequest, the whole address with its signature, metadata, or the JSON of a SCIM request or answer. It is not stored, and nothing is used up."
          />
          <Select
            label="Hold it against"
            name="connection"
            value={props.chosen}
            options={props.choices}
            error={errorOf(problem, 'connection')}
          />
          <Select
            label="Judge times"
            name="judgedAt"
            value={request.form.text('judgedAt')}
            options={moments}
          />
          <Button>Decode</Button>
        </Form>
      </Card>
      {decoded !== null && <Result decoded={decoded} />}
    </>
  )
}

function Result({ decoded }: { readonly decoded: DecodeAnswer }) {
  const { problem, entra } = decoded
  if (problem !== null) {
    return (
      <Notice tone="bad">
        <strong>{problem.means}</strong>
        <p>{problem.fix}</p>
        <Evidence of={problem.evidence} />
        <p class="soft small">{problem.code}</p>
      </Notice>
    )
  }
  return (
    <>
      <Card title={kindWords[decoded.kind]}>
        <Facts
          rows={[
            ['Brought as', carrierWords[decoded.carrier ?? 'xml']],
            ...(decoded.judgedAtTime === null
              ? []
              : [['Times judged at', <JudgedAt decoded={decoded} />] as const]),
          ]}
        />
        {entra !== null && (
          <Notice tone="warn">
            <strong>{`AADSTS${entra.aadsts}`}</strong> {entra.person} {entra.admin}
          </Notice>
        )}
        <Parts decoded={decoded} />
      </Card>
      {decoded.signatures.length > 0 && (
        <Card title="Signatures">
          <Signatures decoded={decoded} />
        </Card>
      )}
      {decoded.checks !== null && (
        <Card title="Checks">
          <p class="soft">
            {tally(decoded.checks)}.{' '}
            {decisive(decoded.checks)?.state === 'fail' &&
              'A sign-in would end at the one that failed.'}
          </p>
          <CheckList checks={decoded.checks} />
        </Card>
      )}
      {decoded.decrypted !== null && (
        <Card title="Decrypted assertion">
          <Code>{shownText(decoded.decrypted)}</Code>
        </Card>
      )}
      <Card title="As text">
        <Code>{shownText(decoded.pretty ?? '')}</Code>
      </Card>
    </>
  )
}

function JudgedAt({ decoded: { judgedAt, judgedAtTime } }: { readonly decoded: DecodeAnswer }) {
  return (
    <>
      {judgedAtTime} ({judgedAt === 'issued' ? 'when it was made' : 'now'})
    </>
  )
}

function Parts({ decoded: { parts } }: { readonly decoded: DecodeAnswer }) {
  if (parts.length === 0) return null
  return (
    <Table caption="What it says" head={['Part', 'Value', 'Fits']}>
      {parts.map(({ label, value, says, fits, expected }) => (
        <tr>
          <th scope="row">
            {label}
            <p class="hint">{says}</p>
          </th>
          <td data-label="Value" class="mono small">
            {value}
          </td>
          <td data-label="Fits">
            {fits !== null && <Badge tone={fitWords(fits).tone}>{fitWords(fits).label}</Badge>}
            {expected !== null && (
              <p class="hint">
                The connection has <code>{expected}</code>
              </p>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Signatures({ decoded: { signatures } }: { readonly decoded: DecodeAnswer }) {
  return (
    <Table caption="Signatures" head={['On', 'Result', 'Evidence']}>
      {signatures.map(({ of, result, certificate, means, fix, evidence }) => (
        <tr>
          <th scope="row">{of}</th>
          <td data-label="Result">
            <Badge tone={signatureWords[result].tone}>{signatureWords[result].label}</Badge>
          </td>
          <td data-label="Evidence">
            {means !== null && (
              <p>
                <strong>{means}</strong> {fix}
              </p>
            )}
            {certificate !== null && <Evidence of={{ 'certificate (SHA-256)': certificate }} />}
            <Evidence of={evidence} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
