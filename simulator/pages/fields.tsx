type Common = {
  readonly name: string
  readonly label: string
  readonly hint?: string
}

export function TextField(
  props: Common & {
    readonly value: string | null
    readonly required?: boolean
    readonly type?: 'text' | 'url' | 'email'
  },
) {
  return (
    <div>
      <label for={props.name}>{props.label}</label>
      <input
        id={props.name}
        name={props.name}
        type={props.type ?? 'text'}
        value={props.value ?? ''}
        required={props.required}
        aria-describedby={props.hint === undefined ? undefined : `${props.name}-hint`}
      />
      <Hint {...props} />
    </div>
  )
}

export function TextAreaField(props: Common & { readonly value: string }) {
  return (
    <div>
      <label for={props.name}>{props.label}</label>
      <textarea
        id={props.name}
        name={props.name}
        aria-describedby={props.hint === undefined ? undefined : `${props.name}-hint`}
      >
        {props.value}
      </textarea>
      <Hint {...props} />
    </div>
  )
}

export function SelectField(
  props: Common & {
    readonly value: string | null
    /** Values, or values with what is shown for them. */
    readonly options: readonly (string | readonly [value: string, shown: string])[]
  },
) {
  return (
    <div>
      <label for={props.name}>{props.label}</label>
      <select
        id={props.name}
        name={props.name}
        aria-describedby={props.hint === undefined ? undefined : `${props.name}-hint`}
      >
        {props.options.map((option) => {
          const [value, shown] = typeof option === 'string' ? [option, option] : option
          return (
            <option value={value} selected={value === props.value}>
              {shown}
            </option>
          )
        })}
      </select>
      <Hint {...props} />
    </div>
  )
}

export function CheckField(props: Common & { readonly checked: boolean }) {
  return (
    <div>
      <label class="check" for={props.name}>
        <input
          id={props.name}
          name={props.name}
          type="checkbox"
          value="on"
          checked={props.checked}
        />{' '}
        {props.label}
      </label>
      <Hint {...props} />
    </div>
  )
}

function Hint(props: Common) {
  if (props.hint === undefined) return null
  return (
    <p class="hint" id={`${props.name}-hint`}>
      {props.hint}
    </p>
  )
}
