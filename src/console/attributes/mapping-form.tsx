import type { Child } from 'hono/jsx'
import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Button, Card, Check, Field, Form, Select, TextArea } from '../ui/index.ts'
import { type Source, sourceNames } from './answers.ts'
import type { Draft } from './draft.ts'
import { caretIn, type Difference, ruleErrors } from './explain.ts'

const ranks = [
  ['1', 'First'],
  ['2', 'Second'],
  ['3', 'Third'],
  ['4', 'Fourth'],
  ['', 'Does not count'],
] as const

const modes = [
  ['names', 'Names, one a line: the first that has a value'],
  ['expression', 'An expression'],
] as const

const hints: Readonly<Record<Source, string>> = {
  scim: 'As SCIM calls it: title, or urn:ietf:params:scim:schemas:…:User:department.',
  graph: 'A property of a user: jobTitle, onPremisesExtensionAttributes.extensionAttribute1.',
  saml: 'The name of a claim.',
  manual: 'What an operator entered under this key.',
}

/** The rule of one attribute, with its preview. */
export function MappingForm(props: {
  readonly request: ConsoleRequest
  readonly attribute: { readonly key: string }
  readonly version: number
  readonly draft: Draft
  readonly person: string
  readonly problem: Problem | null
  readonly preview: Child
}) {
  const { request, attribute, draft, problem } = props
  const path = url(request, `/attributes/${attribute.key}/mapping`)
  const errors = ruleErrors(problem?.errors, attribute.key)
  return (
    <div class="rule">
      <Card title="Where the value comes from">
        <Form request={request} action={path} problem={problem}>
          <input type="hidden" name="version" value={String(props.version)} />
          <input type="hidden" name="order" value={draft.order.join(' ')} />
          <Field
            label="Try it on"
            name="person"
            type="search"
            value={props.person}
            autocomplete="off"
            hint="The beginning of a user name, a name or an email. Empty: the newest three people."
          />
          {draft.order.map((source) => (
            <SourceFields source={source} draft={draft} error={errors[source]} />
          ))}
          <Check
            label="A blank clears the value"
            name="blankClears"
            checked={draft.blankClears}
            hint="Without it a blank is passed over, and an older or weaker value stays."
          />
          <div class="row">
            <Button name="do" value="save">
              Save
            </Button>
            <Button kind="quiet" name="do" value="preview">
              Preview
            </Button>
            <a href={url(request, '/attributes')}>Back to all attributes</a>
          </div>
        </Form>
      </Card>
      <div
        id="preview"
        aria-live="polite"
        hx-post={url(request, `/attributes/${attribute.key}/preview`)}
        hx-trigger={`${props.preview === null ? 'load, ' : ''}input delay:400ms from:.rule`}
        hx-include=".rule form"
        hx-target="this"
      >
        {props.preview}
      </div>
    </div>
  )
}

function SourceFields({
  source,
  draft,
  error,
}: {
  readonly source: Source
  readonly draft: Draft
  readonly error: string | undefined
}) {
  const { isExpression, text } = draft.from[source]
  const caret = error === undefined || !isExpression ? null : caretIn(error, text)
  return (
    <fieldset>
      <legend>{sourceNames[source]}</legend>
      <div class="grid">
        <Select
          label="Counts"
          name={`tier-${source}`}
          value={draft.ranks[source]}
          options={ranks}
        />
        <Select
          label="Read as"
          name={`mode-${source}`}
          value={isExpression ? 'expression' : 'names'}
          options={modes}
        />
      </div>
      <TextArea
        label="Names or expression"
        name={`from-${source}`}
        value={text}
        rows={isExpression ? 4 : 2}
        code
        hint={hints[source]}
        error={error}
      />
      {caret !== null && <CaretLines {...caret} />}
    </fieldset>
  )
}

/** A line of an expression, and under it the place that is meant. */
export function CaretLines({ line, caret }: { readonly line: string; readonly caret: string }) {
  return (
    <pre class="code" tabindex={0}>
      {line}
      {'\n'}
      {caret}
    </pre>
  )
}

/** What saving would change in the rule. */
export function Differences({ list }: { readonly list: readonly Difference[] }) {
  if (list.length === 0) return <p class="soft">The rule is as it is saved.</p>
  return (
    <ul>
      {list.map(({ part, before, after }) => (
        <li>
          {part}: <del>{before}</del> → <ins>{after}</ins>
        </li>
      ))}
    </ul>
  )
}
