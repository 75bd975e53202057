import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { show, showProblem } from '../show.tsx'
import { Badge, Card, Notice, Table, type Tone } from '../ui/index.ts'

export const operatorRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path: '/operator', handle: showOperator },
]

type Key = {
  readonly kid: string
  readonly role: 'writes' | 'reads' | 'missing'
  readonly uses: Readonly<Record<string, number>>
  readonly free: boolean
}

const roles: Readonly<Record<Key['role'], readonly [Tone, string]>> = {
  writes: ['good', 'in use'],
  reads: ['idle', 'older'],
  missing: ['bad', 'missing'],
}

/** What is sealed, by the names that the operation gives. */
const kinds: Readonly<Record<string, string>> = {
  connectionKeys: 'keys of connections',
  signingKeys: 'keys of session tokens',
  graphCredentials: 'credentials for Graph',
  tombstones: 'erased people',
}

/** What concerns the whole of Portico rather than one organization. */
async function showOperator(request: ConsoleRequest): Promise<Response> {
  const listed = await request.call<{ items: readonly Key[] }>('listEncryptionKeys')
  if (!listed.ok) return showProblem(request, listed.problem)
  const { items } = listed.value
  return show(request, {
    title: 'Operation',
    children: (
      <Card title="Encryption keys">
        <p class="soft">
          Secrets are sealed with the first key of <code>ENCRYPTION_KEYS</code>. To replace it, put
          a new one before it and deploy; the scheduled job seals anew what older keys sealed, and a
          key that nothing needs may go.
        </p>
        {items.some(({ role }) => role === 'missing') && (
          <Notice tone="bad">
            <strong>Something was sealed with a key that is not there.</strong>
            <p>
              Put that key back into <code>ENCRYPTION_KEYS</code>, behind the others: without it,
              what it sealed cannot be read.
            </p>
          </Notice>
        )}
        <Table head={['Key', 'State', 'Seals', 'May go']} caption="Encryption keys">
          {items.map((key) => (
            <tr>
              <td data-label="Key">
                <code>{key.kid}</code>
              </td>
              <td data-label="State">
                <Badge tone={roles[key.role][0]}>{roles[key.role][1]}</Badge>
              </td>
              <td data-label="Seals">{sealed(key)}</td>
              <td data-label="May go">{key.free ? 'yes' : 'no'}</td>
            </tr>
          ))}
        </Table>
      </Card>
    ),
  })
}

function sealed({ uses }: Key): string {
  const parts = Object.entries(uses)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kinds[kind] ?? kind}: ${count}`)
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}
