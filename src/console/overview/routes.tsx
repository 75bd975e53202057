import type { ConsoleRequest, ConsoleRoute, OrganizationAnswer } from '../route.ts'
import { show, showProblem } from '../show.tsx'
import { Empty, Table } from '../ui/index.ts'

type Listed = { readonly items: readonly OrganizationAnswer[]; readonly nextCursor: string | null }

export const overviewRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/', handle: showOrganizations },
]

async function showOrganizations(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<Listed>('listOrganizations')
  if (!listed.ok) return showProblem(request, listed.problem)
  const { items } = listed.value
  return show(request, {
    title: 'Organizations',
    children:
      items.length === 0 ? (
        <Empty title="No organization yet" />
      ) : (
        <Table head={['Name', 'Slug']} caption="Organizations">
          {items.map(({ slug, name }) => (
            <tr>
              <td>
                <a href={`/console/o/${slug}`}>{name}</a>
              </td>
              <td data-label="Slug">{slug}</td>
            </tr>
          ))}
        </Table>
      ),
  })
}
