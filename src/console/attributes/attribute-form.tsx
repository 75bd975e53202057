import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import {
  Button,
  Card,
  Check,
  Copy,
  errorOf,
  Facts,
  Field,
  Form,
  Select,
  TextArea,
} from '../ui/index.ts'
import { type AttributeAnswer, sourceNames, type UseAnswer } from './answers.ts'
import { valueText } from './explain.ts'

/** What stands in the form. */
export type AttributeFields = {
  readonly key: string
  readonly label: string
  readonly description: string
  readonly type: string
  readonly multiValued: boolean
  readonly required: boolean
  readonly default: string
  /** When it was changed last, as it was shown; empty for a new one. */
  readonly updatedAt: string
}

export const newFields: AttributeFields = {
  key: '',
  label: '',
  description: '',
  type: 'string',
  multiValued: false,
  required: false,
  default: '',
  updatedAt: '',
}

/** An attribute as its form shows it. */
export function fieldsOf(attribute: AttributeAnswer): AttributeFields {
  const { default: value } = attribute
  return {
    ...attribute,
    description: attribute.description ?? '',
    updatedAt: attribute.updatedAt ?? '',
    default:
      typeof value === 'object' && value !== null ? value.join('\n') : (valueText(value) ?? ''),
  }
}

const types = [
  ['string', 'Text'],
  ['number', 'Number'],
  ['boolean', 'Yes or no (true, false)'],
  ['dateTime', 'Time in UTC, such as 2027-01-31T00:00:00Z'],
] as const

/** The form of an attribute, a new one or one of the organization's own. */
export function AttributeForm(props: {
  readonly request: ConsoleRequest
  readonly fields: AttributeFields
  readonly isNew: boolean
  readonly problem?: Problem | null
}) {
  const { request, fields, isNew, problem } = props
  const action = url(request, isNew ? '/attributes' : `/attributes/${fields.key}`)
  return (
    <Form request={request} action={action} problem={problem}>
      <input type="hidden" name="updatedAt" value={fields.updatedAt} />
      {isNew && (
        <Field
          label="Key"
          name="key"
          value={fields.key}
          required
          maxlength={64}
          autocomplete="off"
          hint="Permanent, such as costCenter: a letter, then letters, digits and underscores. It becomes part of the name in Entra."
          error={errorOf(problem, 'key')}
        />
      )}
      <Field
        label="Label"
        name="label"
        value={fields.label}
        required
        maxlength={100}
        autocomplete="off"
        hint="What people read."
        error={errorOf(problem, 'label')}
      />
      <Field
        label="Description"
        name="description"
        value={fields.description}
        maxlength={500}
        autocomplete="off"
        error={errorOf(problem, 'description')}
      />
      <Select
        label="Type"
        name="type"
        value={fields.type}
        options={types}
        hint="A value that is not of the type is left out of the profile; nobody is refused for it."
        error={errorOf(problem, 'type')}
      />
      <Check
        label="Several values"
        name="multiValued"
        checked={fields.multiValued}
        hint="Without it, whoever has two values stated has none: order never chooses."
      />
      <TextArea
        label="Default"
        name="default"
        value={fields.default}
        rows={2}
        hint="The value where no source states one. Several values stand one a line."
        error={errorOf(problem, 'default')}
      />
      <Check
        label="Required"
        name="required"
        checked={fields.required}
        hint="Whoever has no value is listed as drift; nobody is refused for it."
      />
      <div class="row">
        <Button>{isNew ? 'Create' : 'Save'}</Button>
        <a href={url(request, '/attributes')}>Back to all attributes</a>
      </div>
    </Form>
  )
}

/** How to send an attribute of the organization's own from Entra. */
export function EntraCard({ scim }: { readonly scim: string }) {
  return (
    <Card title="Send it from Entra">
      <p>
        Enterprise application → <strong>Provisioning</strong> → <strong>Attribute mapping</strong>{' '}
        → Provision Microsoft Entra ID Users → <strong>Show advanced options</strong> → Edit
        attribute list: add a row with this name and the type. Then <strong>Add New Mapping</strong>{' '}
        with it as the target.
      </p>
      <Copy label="SCIM name" value={scim} />
      <p class="soft small">
        Only names of this form are sent when somebody is created. For a sign-in, add a claim that
        is called like the key.
      </p>
    </Card>
  )
}

/** Who has a value now, in words. */
export function useText({ people, all, valued, sources }: UseAnswer): string {
  const of = all ? `${people} people` : `the first ${people} people`
  const parts = Object.entries(sources).map(
    ([source, count]) => `${count} ${source === 'default' ? 'the default' : sourceNames[source]}`,
  )
  const from = parts.length === 0 ? '' : ` (${parts.join(', ')})`
  return `${valued} of ${of} have a value${from}.`
}

/** Asks before a change that takes values away, with what it takes. */
export function Consequences(props: {
  readonly request: ConsoleRequest
  readonly attribute: AttributeAnswer
  readonly use: UseAnswer
  /** What the form said, to be sent again; null where the attribute is deleted. */
  readonly fields: AttributeFields | null
}) {
  const { request, attribute, use, fields } = props
  const path = `/attributes/${attribute.key}`
  const { change } = use
  const sent = Object.entries(fields ?? {}).filter(([, value]) => value !== false)
  return (
    <Card>
      <Facts
        rows={[
          ['Now', useText(use)],
          ...(change === null
            ? []
            : [
                [
                  'Then',
                  `Of the newest ${change.people} people, ${change.losing} would lose their value and ${change.gaining} would get one.`,
                ] as const,
              ]),
          ['What sources state', 'stays as it is, so that undoing this brings the values back.'],
          ...(fields === null
            ? [
                ['Mapping', 'What it says of the attribute goes too.'] as const,
                [
                  'In Entra',
                  'Remove its mapping there: what it sends is then no longer used.',
                ] as const,
              ]
            : []),
        ]}
      />
      <Form request={request} action={url(request, fields === null ? `${path}/delete` : path)}>
        <input type="hidden" name="confirmed" value="true" />
        {sent.map(([name, value]) => (
          <input type="hidden" name={name} value={String(value)} />
        ))}
        <div class="row">
          <Button kind="danger">
            {fields === null ? 'Delete the attribute' : 'Change the type'}
          </Button>
          <a href={url(request, path)}>Leave it as it is</a>
        </div>
      </Form>
    </Card>
  )
}
