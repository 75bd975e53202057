import type { Problem } from '../../http/index.ts'
import type { ConsoleRequest, ConsoleRoute } from '../route.ts'
import { fragment, go, show, showProblem, url } from '../show.tsx'
import { Card } from '../ui/index.ts'
import type { AttributeAnswer, MappingAnswer, UseAnswer } from './answers.ts'
import { type AttributeFields, AttributeForm, Consequences, newFields } from './attribute-form.tsx'
import { readDefault, readDraft, ruleOf } from './draft.ts'
import { ruleDifference } from './explain.ts'
import { AttributeList, Progress } from './list.tsx'
import { found, previewOf, showOne } from './one-page.tsx'

const part = 'attributes' as const
const path = '/o/{org}/attributes'

export const attributesRoutes: readonly ConsoleRoute[] = [
  { method: 'get', path, part, handle: showList },
  { method: 'post', path, part, handle: create },
  { method: 'get', path: `${path}/progress`, part, handle: showProgress },
  { method: 'get', path: `${path}/new`, part, handle: async (request) => showNew(request) },
  { method: 'get', path: `${path}/{key}`, part, handle: (request) => showOne(request) },
  { method: 'post', path: `${path}/{key}`, part, handle: change },
  { method: 'get', path: `${path}/{key}/delete`, part, handle: askDelete },
  { method: 'post', path: `${path}/{key}/delete`, part, handle: remove },
  { method: 'post', path: `${path}/{key}/mapping`, part, handle: saveRule },
  { method: 'post', path: `${path}/{key}/preview`, part, handle: showPreview },
]

const tab = 'attributes'

type Listed = { readonly items: readonly AttributeAnswer[]; readonly nextCursor: string | null }

async function showList(request: ConsoleRequest): Promise<Response> {
  const cursor = request.query('cursor')
  const query = { limit: '200', ...(cursor === '' ? {} : { cursor }) }
  const listed = await request.call<Listed>('listAttributes', { query })
  if (!listed.ok) return showProblem(request, listed.problem)
  const mapping = await request.call<MappingAnswer>('getMapping')
  if (!mapping.ok) return showProblem(request, mapping.problem)
  const { items, nextCursor } = listed.value
  const next = nextCursor === null ? null : `${url(request, '/attributes')}?cursor=${nextCursor}`
  return show(request, {
    title: 'Attributes',
    tab,
    children: (
      <AttributeList request={request} attributes={items} next={next} mapping={mapping.value} />
    ),
  })
}

async function showProgress(request: ConsoleRequest): Promise<Response> {
  const mapping = await request.call<MappingAnswer>('getMapping')
  return mapping.ok
    ? fragment(request, <Progress request={request} mapping={mapping.value} />)
    : showProblem(request, mapping.problem)
}

function showNew(
  request: ConsoleRequest,
  fields: AttributeFields = newFields,
  problem: Problem | null = null,
) {
  return show(request, {
    title: 'New attribute',
    tab,
    status: problem?.status ?? 200,
    children: (
      <Card>
        <AttributeForm request={request} fields={fields} isNew problem={problem} />
      </Card>
    ),
  })
}

async function create(request: ConsoleRequest): Promise<Response> {
  const fields = readFields(request)
  const body = { key: fields.key, ...settingsOf(fields) }
  const made = await request.call<AttributeAnswer>('createAttribute', { body })
  return made.ok
    ? go(request, url(request, `/attributes/${made.value.key}`), 'created')
    : showNew(request, fields, made.problem)
}

function readFields({ form }: ConsoleRequest, key = form.text('key').trim()): AttributeFields {
  return {
    key,
    label: form.text('label').trim(),
    description: form.text('description').trim(),
    type: form.text('type'),
    multiValued: form.has('multiValued'),
    required: form.has('required'),
    default: form.text('default'),
    updatedAt: form.text('updatedAt'),
  }
}

function settingsOf({
  key: _key,
  description,
  default: text,
  updatedAt,
  ...rest
}: AttributeFields) {
  return {
    ...rest,
    ...(updatedAt === '' ? {} : { updatedAt }),
    description: description === '' ? null : description,
    default: readDefault(text, rest),
  }
}

async function showPreview(request: ConsoleRequest): Promise<Response> {
  const one = await found(request)
  return one.ok
    ? fragment(request, await previewOf(request, one.value, readDraft(request.form)))
    : showProblem(request, one.problem)
}

async function saveRule(request: ConsoleRequest): Promise<Response> {
  const one = await found(request)
  if (!one.ok) return showProblem(request, one.problem)
  const draft = readDraft(request.form)
  const version = Number(request.form.text('version'))
  if (request.form.text('do') === 'preview') {
    return showOne(request, { rule: { draft, version, problem: null } })
  }
  const { attribute, mapping } = one.value
  const { key } = attribute
  const rule = ruleOf(draft)
  const saved = mapping.rules[key]
  const isSame = saved !== undefined && ruleDifference(saved, rule).length === 0
  // The whole mapping is sent: the version says that nobody changed the rest of it since it was read.
  const body = { version, rules: { ...mapping.rules, [key]: rule } }
  const set = await request.call<MappingAnswer>('setMapping', { body })
  if (!set.ok) return showOne(request, { rule: { draft, version, problem: set.problem } })
  const outcome = isSame ? 'unchanged' : 'mapping_saved'
  return go(request, url(request, `/attributes/${key}`), outcome)
}

async function change(request: ConsoleRequest): Promise<Response> {
  const params = { key: request.param('key') }
  const before = await request.call<AttributeAnswer>('getAttribute', { params })
  if (!before.ok) return showProblem(request, before.problem)
  const attribute = before.value
  const fields = readFields(request, attribute.key)
  const isAnother = fields.type !== attribute.type || fields.multiValued !== attribute.multiValued
  if (isAnother && !request.form.has('confirmed')) {
    const query = { type: fields.type, multiValued: String(fields.multiValued) }
    return askFirst(request, { attribute, fields, query })
  }
  const body = settingsOf(fields)
  const changed = await request.call<AttributeAnswer>('changeAttribute', { params, body })
  return changed.ok
    ? go(request, url(request, `/attributes/${attribute.key}`), 'saved')
    : // Sent once more, it is about what is there now.
      showOne(request, {
        fields: { ...fields, updatedAt: attribute.updatedAt ?? '' },
        problem: changed.problem,
      })
}

async function askDelete(request: ConsoleRequest): Promise<Response> {
  const params = { key: request.param('key') }
  const one = await request.call<AttributeAnswer>('getAttribute', { params })
  return one.ok
    ? askFirst(request, { attribute: one.value, fields: null, query: {} })
    : showProblem(request, one.problem)
}

async function askFirst(
  request: ConsoleRequest,
  {
    attribute,
    fields,
    query,
  }: {
    readonly attribute: AttributeAnswer
    readonly fields: AttributeFields | null
    readonly query: Readonly<Record<string, string>>
  },
): Promise<Response> {
  const params = { key: attribute.key }
  const use = await request.call<UseAnswer>('getAttributeUse', { params, query })
  if (!use.ok) return showProblem(request, use.problem)
  return show(request, {
    title: `${fields === null ? 'Delete' : 'Change the type of'} ${attribute.label}?`,
    tab,
    children: (
      <Consequences request={request} attribute={attribute} use={use.value} fields={fields} />
    ),
  })
}

async function remove(request: ConsoleRequest): Promise<Response> {
  const params = { key: request.param('key') }
  const gone = await request.call<null>('deleteAttribute', { params })
  return gone.ok
    ? go(request, url(request, '/attributes'), 'deleted')
    : showProblem(request, gone.problem)
}
