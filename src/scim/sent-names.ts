import { printable } from '../kernel/index.ts'

/** Names that an event keeps of one request; more is no help to anybody. */
const most = 24

/**
 * What a refused request sent, by the names of its attributes and without any value, so that an admin sees which
 * mapping it was: `Replace emails[type eq "…"].value`, or `userName` and `name.givenName`.
 * @param body parsed; null when there was none that could be read
 */
export function sentNames(body: unknown): readonly string[] {
  if (!isObject(body)) return []
  const operations = Object.entries(body).find(([key]) => key.toLowerCase() === 'operations')?.[1]
  const names = Array.isArray(operations)
    ? operations.flatMap(operationNames)
    : attributeNames(body)
  return names.slice(0, most).map((name) => printable(name, 128))
}

function operationNames(operation: unknown): readonly string[] {
  if (!isObject(operation)) return []
  const { op, path, value } = operation
  const verb = typeof op === 'string' ? op : '?'
  if (typeof path === 'string') return [`${verb} ${withoutValues(path)}`]
  const method = operation['method']
  if (typeof method === 'string') return [method]
  return attributeNames(isObject(value) ? value : {}).map((name) => `${verb} ${name}`)
}

/** A path's filter compares with a value, which is somebody's; so may be what is no name of an attribute at all. */
function withoutValues(path: string): string {
  const bare = path
    .replaceAll(/"(?:[^"\\]|\\.)*"?/g, '"…"')
    .replaceAll(/\b(eq|ne|co|sw|ew|gt|ge|lt|le) +(?!"…")[^\])]*/gi, '$1 …')
  return /@|%/.test(bare) ? '…' : bare
}

function attributeNames(resource: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(resource)
    .filter(([name]) => name !== 'schemas')
    .flatMap(([name, value]) =>
      isObject(value) ? Object.keys(value).map((part) => `${name}.${part}`) : [name],
    )
    .map(withoutValues)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
