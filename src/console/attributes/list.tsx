import type { ConsoleRequest } from '../route.ts'
import { url } from '../show.tsx'
import { Badge, Card, Copy, Empty, Live, Notice, Pages, Table } from '../ui/index.ts'
import { type AttributeAnswer, type MappingAnswer, sourceNames } from './answers.ts'
import { feeding } from './explain.ts'

/** All attributes, the organization's own first. */
export function AttributeList(props: {
  readonly request: ConsoleRequest
  readonly attributes: readonly AttributeAnswer[]
  readonly next: string | null
  readonly mapping: MappingAnswer
}) {
  const { request, attributes, mapping } = props
  const own = attributes.filter(({ system }) => !system)
  const builtIn = attributes.filter(({ system }) => system)
  return (
    <>
      <Progress request={request} mapping={mapping} />
      <Card
        title="Your own"
        actions={
          <a class="button" href={url(request, '/attributes/new')}>
            New attribute
          </a>
        }
      >
        {own.length === 0 ? (
          <Empty title="No attribute of your own">
            <p>
              Define what your app needs beyond the built-in ones, such as a cost center. It gets a
              name to paste into Entra.
            </p>
          </Empty>
        ) : (
          <Rows request={request} attributes={own} mapping={mapping} />
        )}
      </Card>
      {builtIn.length > 0 && (
        <Card title="Built in">
          <p class="soft">They can be mapped, but neither changed nor deleted.</p>
          <Rows request={request} attributes={builtIn} mapping={mapping} />
        </Card>
      )}
      <Pages next={props.next} />
    </>
  )
}

function Rows({
  request,
  attributes,
  mapping,
}: {
  readonly request: ConsoleRequest
  readonly attributes: readonly AttributeAnswer[]
  readonly mapping: MappingAnswer
}) {
  const isOwn = attributes.some(({ scim }) => scim !== null)
  return (
    <Table
      caption="Attributes"
      head={['Attribute', 'Type', 'Comes from', ...(isOwn ? ['Name in Entra'] : [])]}
    >
      {attributes.map(({ key, label, type, multiValued, required, scim }) => {
        const rule = mapping.rules[key]
        const from = rule === undefined ? [] : feeding(rule)
        return (
          <tr>
            <td>
              <a href={url(request, `/attributes/${key}`)}>{label}</a> <code>{key}</code>{' '}
              {required && <Badge tone="idle">required</Badge>}
            </td>
            <td data-label="Type" class="nowrap">
              {multiValued ? `${type}, several` : type}
            </td>
            <td data-label="Comes from">
              {from.length === 0 ? (
                <span class="soft">nowhere</span>
              ) : (
                from.map((source) => sourceNames[source]).join(', ')
              )}
            </td>
            {isOwn && <td>{scim !== null && <Copy label="SCIM name" value={scim} />}</td>}
          </tr>
        )
      })}
    </Table>
  )
}

/** While everybody is made anew by a changed mapping. */
export function Progress({
  request,
  mapping,
}: {
  readonly request: ConsoleRequest
  readonly mapping: MappingAnswer
}) {
  return (
    <Live
      id="progress"
      url={url(request, '/attributes/progress')}
      page={url(request, '/attributes')}
      seconds={3}
      over={mapping.run === null}
    >
      {mapping.run !== null && (
        <Notice tone="idle">
          The rules were changed: everybody’s profile is being made anew. This goes on by itself.
        </Notice>
      )}
    </Live>
  )
}
