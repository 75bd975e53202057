import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Card, Facts, Notice, Time } from '../ui/index.ts'
import { type PreviewAnswer, type Shown, type Source, sourceNames } from './answers.ts'
import type { Draft } from './draft.ts'
import { caretIn, type Difference, problemText, ruleErrors, valueText } from './explain.ts'
import { CaretLines, Differences } from './mapping-form.tsx'

/** What a draft of a rule makes of people, or why it makes nothing. */
export type Tried =
  | { readonly kind: 'tried'; readonly answer: PreviewAnswer }
  | { readonly kind: 'wrong'; readonly problem: Problem }
  | { readonly kind: 'nobody'; readonly person: string }

/** What saving would change, in the rule and in people. */
export function Preview(props: {
  readonly request: ConsoleRequest
  readonly attribute: { readonly key: string }
  readonly draft: Draft
  readonly differences: readonly Difference[]
  readonly tried: Tried
}) {
  const { tried, attribute, request } = props
  return (
    <Card title="Preview">
      <Differences list={props.differences} />
      {tried.kind === 'wrong' && <Wrong {...props} problem={tried.problem} />}
      {tried.kind === 'nobody' && (
        <Notice tone="warn">
          {tried.person === ''
            ? 'There is nobody to try it on yet: the first sign-in or the first request of provisioning makes somebody.'
            : `Nobody’s user name, name or email begins with “${tried.person}”.`}
        </Notice>
      )}
      {tried.kind === 'tried' &&
        tried.answer.users.map((user) => (
          <Person request={request} user={user} attributeKey={attribute.key} />
        ))}
    </Card>
  )
}

function Wrong(props: {
  readonly attribute: { readonly key: string }
  readonly draft: Draft
  readonly problem: Problem
}) {
  const { attribute, draft, problem } = props
  const errors = Object.entries(ruleErrors(problem.errors, attribute.key))
  return (
    <Notice tone="bad">
      {errors.length === 0 && `${problem.title} ${problem.detail}`}
      {errors.map(([place, message]) => {
        const from = place === 'rule' ? null : draft.from[place as Source]
        const caret = from?.isExpression === true ? caretIn(message, from.text) : null
        return (
          <>
            <p>
              <strong>{sourceNames[place] ?? 'The rule'}</strong> {message}
            </p>
            {caret !== null && <CaretLines {...caret} />}
          </>
        )
      })}
    </Notice>
  )
}

function Person({
  request,
  user,
  attributeKey,
}: {
  readonly request: ConsoleRequest
  readonly user: PreviewAnswer['users'][number]
  readonly attributeKey: string
}) {
  const { before, after, changed } = user
  const keys = [attributeKey, ...changed.filter((key) => key !== attributeKey)]
  const problems = user.problems.filter(({ key }) => keys.includes(key))
  return (
    <section>
      <h3>
        {request.visitor.principal.kind === 'setup-link' ? (
          user.userName
        ) : (
          <a href={url(request, `/people/${user.id}`)}>{user.userName}</a>
        )}{' '}
        {changed.length > 0 ? (
          <Badge tone="warn">changes</Badge>
        ) : (
          <Badge tone="idle">stays as it is</Badge>
        )}
      </h3>
      <Facts
        rows={keys.map((key) => [
          key,
          <>
            <Values before={before} after={after} name={key} />
            <p class="soft small">
              <From shown={after} name={key} nowMs={request.nowMs} />
            </p>
          </>,
        ])}
      />
      {problems.map((problem) => {
        const caret =
          problem.message === null || problem.rule === null
            ? null
            : caretIn(problem.message, problem.rule)
        return (
          <Notice tone="warn">
            <code>{problem.key}</code> {problemText(problem)}
            {caret !== null && <CaretLines {...caret} />}
          </Notice>
        )
      })}
    </section>
  )
}

function Values(props: { readonly before: Shown; readonly after: Shown; readonly name: string }) {
  const now = valueText(props.before.profile[props.name])
  const then = valueText(props.after.profile[props.name])
  const text = (value: string | null) => value ?? 'no value'
  if (now === then) return <span class={now === null ? 'soft' : ''}>{text(now)}</span>
  return (
    <>
      <del>{text(now)}</del> → <ins>{text(then)}</ins>
    </>
  )
}

type Named = { readonly shown: Shown; readonly name: string }

function From({ shown, name, nowMs }: Named & { readonly nowMs: number }) {
  const from = shown.provenance[name]
  if (from !== undefined) {
    return (
      <>
        from {sourceNames[from.source] ?? from.source}, <code>{from.rule}</code>,{' '}
        <Time at={from.at} nowMs={nowMs} />
      </>
    )
  }
  return <>{shown.profile[name] === undefined ? 'nobody states one' : 'the default'}</>
}
