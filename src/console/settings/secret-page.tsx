import type { Child } from 'hono/jsx'
import { Card, Copy, Notice } from '../ui/index.ts'

/** A secret, the one time that it is shown. */
export function SecretPage(props: {
  readonly title: string
  /** What to take elsewhere: label and value. */
  readonly values: readonly (readonly [label: string, value: string])[]
  readonly back: string
  readonly children?: Child
}) {
  return (
    <Card title={props.title}>
      <Notice tone="warn">
        <strong>This is shown now and never again.</strong>
        <p>Copy it before you leave this page. If it is lost, make another one.</p>
      </Notice>
      {props.values.map(([label, value]) => (
        <Copy label={label} value={value} />
      ))}
      {props.children}
      <p>
        <a class="button" href={props.back}>
          I have copied it
        </a>
      </p>
    </Card>
  )
}
