import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest } from '../route.ts'
import { Button, Card, errorOf, Field, Form } from '../ui/index.ts'

/** The form for a new organization. Holds no logic. */
export function NewOrganizationPage(props: {
  readonly request: ConsoleRequest
  readonly problem: Problem | null
}) {
  const { request, problem } = props
  const { form } = request
  return (
    <Card>
      <Form request={request} action="/console/new" problem={problem}>
        <Field
          label="Name"
          name="name"
          value={form.text('name')}
          required
          autocomplete="organization"
          hint="As its people know it, such as Contoso."
          error={errorOf(problem, 'name')}
        />
        <Field
          label="Slug"
          name="slug"
          value={form.text('slug')}
          required
          autocomplete="off"
          hint="Short name in addresses: lower-case letters, digits and hyphens, such as contoso."
          error={errorOf(problem, 'slug')}
        />
        <Button>Create</Button>
      </Form>
    </Card>
  )
}
