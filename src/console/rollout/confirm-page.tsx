import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { Button, Card, Facts, Form, Notice, ProblemBox, Shown } from '../ui/index.ts'

/** What a change does to the people there are now, before it is made. Holds no logic. */
export function ConfirmPage(props: {
  readonly request: ConsoleRequest
  readonly problem: Problem | null
  readonly action: string
  /** Where nothing is changed. */
  readonly back: string
  readonly verb: string
  readonly means: string
  readonly sentences: readonly string[]
  readonly warnings: readonly string[]
  readonly facts: Parameters<typeof Facts>[0]['rows']
  /** False when it cannot be done from here. */
  readonly possible: boolean
  /** Whether people lose something by it; so does what is warned of. */
  readonly isGrave: boolean
  /** Of what is shown: nothing is changed when it is another one by then. */
  readonly version?: number
}) {
  const { request, problem, possible } = props
  return (
    <>
      {props.warnings.map((warning) => (
        <Notice tone="warn">{warning}</Notice>
      ))}
      <Card title="What it means">
        <p>{props.means}</p>
        <ul>
          {props.sentences.map((sentence) => (
            <li>{sentence}</li>
          ))}
        </ul>
        <Facts rows={props.facts} />
      </Card>
      {possible ? (
        <Form request={request} action={props.action} problem={problem}>
          {props.version !== undefined && <Shown version={props.version} />}
          <div class="row">
            <Button kind={props.isGrave || props.warnings.length > 0 ? 'danger' : 'primary'}>
              {props.verb}
            </Button>
            <a href={props.back}>Change nothing</a>
          </div>
        </Form>
      ) : (
        <>
          {problem !== null && <ProblemBox problem={problem} />}
          <Notice tone="idle">
            It is so already, or cannot become so from here. <a href={props.back}>Back</a>
          </Notice>
        </>
      )}
    </>
  )
}
