import type { Child } from 'hono/jsx'
import type { Problem } from '../../http/index.ts'

/** What is wrong with a field, by the name that the Admin API gives it. */
export function errorOf(problem: Problem | null | undefined, field: string): string | undefined {
  return problem?.errors?.find((error) => error.field === field)?.message
}

type Own = { readonly visitor: { readonly csrf: string; readonly once: string } }

/** A form that only our own page can send. Shows what was wrong with it first, where the focus goes. */
export function Form(props: {
  readonly request: Own
  readonly action: string
  readonly problem?: Problem | null | undefined
  readonly upload?: boolean
  /** On one line, such as a single button in a row. */
  readonly inline?: boolean
  readonly children?: Child
}) {
  return (
    <form
      method="post"
      action={props.action}
      class={props.inline === true ? 'inline' : 'form'}
      {...(props.upload === true ? { enctype: 'multipart/form-data' } : {})}
    >
      <input type="hidden" name="csrf" value={props.request.visitor.csrf} />
      <input type="hidden" name="once" value={props.request.visitor.once} />
      {props.problem !== null && props.problem !== undefined && (
        <ProblemBox problem={props.problem} />
      )}
      {props.children}
    </form>
  )
}

/** What happened and what to do, with the reference number. */
export function ProblemBox({ problem }: { readonly problem: Problem }) {
  return (
    <div class="notice bad" role="alert" tabindex={-1} data-focus>
      <strong>{problem.title}</strong>
      <p>{problem.detail}</p>
      {problem.errors !== undefined && problem.errors.length > 0 && (
        <ul>
          {problem.errors.map(({ field, message }) => (
            <li>
              <code>{field}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <p class="soft small">
        {problem.code} · reference {problem.request}
      </p>
    </div>
  )
}

/** What the form was filled in from: another version by now, and nothing is changed. */
export function Shown({ version }: { readonly version: number }) {
  return <input type="hidden" name="version" value={String(version)} />
}

type Labelled = {
  readonly label: string
  readonly name: string
  readonly hint?: Child
  readonly error?: string | undefined
  readonly required?: boolean | undefined
}

function described({ name, hint, error }: Labelled) {
  const ids = [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`]
  const list = ids.filter((id) => id !== '').join(' ')
  return {
    ...(list === '' ? {} : { 'aria-describedby': list }),
    ...(error === undefined ? {} : { 'aria-invalid': 'true' as const }),
  }
}

function Notes({ name, hint, error }: Labelled) {
  return (
    <>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </>
  )
}

/** A labelled line of input. */
export function Field(
  props: Labelled & {
    readonly value?: string | undefined
    readonly type?:
      | 'text'
      | 'email'
      | 'url'
      | 'password'
      | 'number'
      | 'search'
      | 'file'
      | 'datetime-local'
      | 'date'
    readonly autocomplete?: string
    readonly placeholder?: string
    readonly min?: number
    readonly max?: number
    readonly maxlength?: number
  },
) {
  const { label, name, hint: _hint, error: _error, ...rest } = props
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} {...rest} type={props.type ?? 'text'} {...described(props)} />
      <Notes {...props} />
    </div>
  )
}

/** A labelled box for longer text. */
export function TextArea(
  props: Labelled & {
    readonly value?: string | undefined
    readonly rows?: number
    readonly code?: boolean
    readonly placeholder?: string
  },
) {
  return (
    <div class="field">
      <label for={props.name}>{props.label}</label>
      <textarea
        id={props.name}
        name={props.name}
        rows={props.rows ?? 6}
        class={props.code === true ? 'mono' : ''}
        placeholder={props.placeholder}
        required={props.required}
        spellcheck={false}
        {...described(props)}
      >
        {props.value ?? ''}
      </textarea>
      <Notes {...props} />
    </div>
  )
}

/** A labelled choice of one. */
export function Select(
  props: Labelled & {
    readonly value?: string | undefined
    readonly options: readonly (readonly [value: string, label: string])[]
  },
) {
  return (
    <div class="field">
      <label for={props.name}>{props.label}</label>
      <select id={props.name} name={props.name} required={props.required} {...described(props)}>
        {props.options.map(([value, label]) => (
          <option value={value} selected={value === props.value}>
            {label}
          </option>
        ))}
      </select>
      <Notes {...props} />
    </div>
  )
}

/** A box to tick, with what it means beside it. */
export function Check(
  props: Labelled & { readonly checked?: boolean | undefined; readonly value?: string },
) {
  const id = props.value === undefined ? props.name : `${props.name}-${props.value}`
  return (
    <div class="check">
      <input
        type="checkbox"
        id={id}
        name={props.name}
        value={props.value ?? 'true'}
        checked={props.checked}
        {...described({ ...props, name: id })}
      />
      <div>
        <label for={id}>{props.label}</label>
        <Notes {...props} name={id} />
      </div>
    </div>
  )
}

/** A button that sends its form. */
export function Button(props: {
  readonly kind?: 'primary' | 'quiet' | 'danger'
  readonly name?: string
  readonly value?: string
  readonly formaction?: string
  readonly children?: Child
}) {
  const { kind, children, ...rest } = props
  return (
    <button type="submit" class={`button ${kind ?? 'primary'}`} {...rest}>
      {children}
    </button>
  )
}
