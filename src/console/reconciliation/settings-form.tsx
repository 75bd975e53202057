import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Button, Check, errorOf, Field, Form, Select } from '../ui/index.ts'
import type { SettingsAnswer } from './answers.ts'
import { isReportOnly, kindText } from './judge.ts'
import { numberFields, numberOf, shownSettings } from './settings-fields.ts'

const repairing = [
  ['repair', 'Repair'],
  ['report', 'Report'],
  ['ignore', 'Ignore'],
] as const
const reporting = repairing.slice(1)

/** Schedule, brake, times, and what is done about each kind of difference. */
export function SettingsForm(props: {
  readonly request: ConsoleRequest
  readonly settings: SettingsAnswer
  readonly connection: string
  readonly problem: Problem | null
}) {
  const { request, settings, problem } = props
  // After a refusal everything stands as it was sent.
  const isSent = problem !== null
  const query = props.connection === '' ? '' : `?connection=${props.connection}`
  const sent = (name: string, now: string) => (isSent ? request.form.text(name) : now)
  return (
    <Form request={request} action={url(request, '/reconciliation/settings')} problem={problem}>
      <input type="hidden" name="connection" value={props.connection} />
      <input type="hidden" name="shown" value={shownSettings(props.settings)} />
      <fieldset>
        <legend>Schedule and brake</legend>
        <Check
          label="Runs start by themselves"
          name="isScheduled"
          checked={isSent ? request.form.has('isScheduled') : settings.isScheduled}
        />
        <div class="grid">
          {numberFields.map((field) => (
            <Field
              label={field.label}
              name={field.name}
              value={sent(field.name, String(numberOf(settings, field)))}
              hint={field.hint}
              error={errorOf(problem, field.name)}
              required
            />
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>What is done about each difference</legend>
        <p class="soft">
          <strong>Repair</strong> takes over what Entra states, <strong>report</strong> tells and
          waits for your word, <strong>ignore</strong> does neither. Some kinds nobody but you can
          mend.
        </p>
        <div class="grid">
          {Object.entries(settings.policies).map(([kind, policy]) => (
            <Select
              label={kindText(kind)}
              name={`policies.${kind}`}
              value={sent(`policies.${kind}`, policy)}
              options={isReportOnly(kind) ? reporting : repairing}
              error={errorOf(problem, `policies.${kind}`)}
            />
          ))}
        </div>
      </fieldset>
      <div class="row">
        <Button>Save</Button>
        <a href={`${url(request, '/reconciliation')}${query}`}>Back to reconciliation</a>
      </div>
    </Form>
  )
}
