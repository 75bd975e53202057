import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Button, Card, Empty, Field, Form, Notice, Select, Shown } from '../ui/index.ts'
import { adminRole, adminSentences, type RoleRule } from './role-rules.ts'
import { filled, type Sent } from './sent.ts'

/** A group that makes its members admins, with the first of them. */
export type AdminGroup = {
  readonly id: string
  readonly name: string
  readonly members: readonly { readonly id: string; readonly name: string }[]
  readonly isMore: boolean
}

/** How many empty rows the form has. */
const spareRows = 3

/** Which groups and app roles give which role, and who is an admin by them. */
export function AdminsPage(props: {
  readonly request: ConsoleRequest
  /** As they are, or as they were typed. */
  readonly rules: readonly Partial<RoleRule>[]
  readonly groups: readonly AdminGroup[]
  readonly sent: Sent | null
}) {
  const { request, rules, groups } = props
  const { org } = request
  const form = filled(props.sent, 'rules')
  const sentences = adminSentences(org.roleRules)
  return (
    <>
      <Card title="Who may use this console">
        {org.provisioning.defaultRole === adminRole && (
          <Notice tone="bad">
            <strong>Everybody is an admin, because {adminRole} is the default role.</strong>
            <p>
              <a href={url(request, '/settings')}>Choose another default role.</a>
            </p>
          </Notice>
        )}
        {sentences.length === 0 ? (
          <Empty title="Nobody of the organization is an admin">
            <p>
              Add a rule below that gives the role <code>{adminRole}</code>: whoever has it sees
              these pages after signing in.
            </p>
          </Empty>
        ) : (
          <>
            <p>
              People with the role <code>{adminRole}</code>:
            </p>
            <ul>
              {sentences.map((sentence) => (
                <li>{sentence}</li>
              ))}
            </ul>
          </>
        )}
        {groups.map((group) => (
          <>
            <h3>
              <a href={url(request, `/groups/${group.id}`)}>{group.name}</a>
            </h3>
            <p>
              {group.members.length === 0 && <span class="soft">Nobody is in it.</span>}
              {group.members.map(({ id, name }, i) => (
                <>
                  {i > 0 && ', '}
                  <a href={url(request, `/people/${id}`)}>{name}</a>
                </>
              ))}
              {group.isMore && ' and more'}
            </p>
          </>
        ))}
      </Card>
      <Card title="Role rules">
        <p class="soft">
          A group is named by its display name, its object ID in Entra, or its ID here; an app role
          by its value. A group or app role gives nothing by its name alone. Clear a row to remove
          its rule.
          {request.visitor.principal.kind === 'admin' &&
            ' Without the rule that makes you an admin, these pages close to you at once.'}
        </p>
        <Form request={request} action={url(request, '/settings/admins')} problem={form.problem}>
          <Shown version={request.org.version} />
          {[...rules, ...Array.from({ length: spareRows }, (): Partial<RoleRule> => ({}))].map(
            (rule, i) => (
              <fieldset>
                <legend>{i < rules.length ? `Rule ${i + 1}` : 'New rule'}</legend>
                <div class="grid">
                  <Select
                    label="From"
                    name={`kind.${i}`}
                    value={rule.appRole === undefined ? 'group' : 'appRole'}
                    options={[
                      ['group', 'Group'],
                      ['appRole', 'App role'],
                    ]}
                  />
                  <Field
                    label="Group or app role"
                    name={`value.${i}`}
                    value={rule.appRole ?? rule.group ?? ''}
                    error={
                      form.error(`roleRules.${i}.group`) ?? form.error(`roleRules.${i}.appRole`)
                    }
                  />
                  <Field
                    label="Gives the role"
                    name={`role.${i}`}
                    value={rule.role ?? ''}
                    error={form.error(`roleRules.${i}.role`)}
                  />
                </div>
              </fieldset>
            ),
          )}
          <Button>Save</Button>
        </Form>
      </Card>
    </>
  )
}
