import type { Problem } from '../../http/index.ts'
import type { CallAnswer, ConsoleRequest } from '../route.ts'
import { show, showProblem, url } from '../show.tsx'
import { Card } from '../ui/index.ts'
import type { AttributeAnswer, MappingAnswer } from './answers.ts'
import { type AttributeFields, AttributeForm, EntraCard, fieldsOf } from './attribute-form.tsx'
import { type Draft, draftOf, ruleOf } from './draft.ts'
import { ruleDifference } from './explain.ts'
import { Progress } from './list.tsx'
import { MappingForm } from './mapping-form.tsx'
import { Preview } from './preview.tsx'
import { tryDraft } from './try-draft.ts'

type Found = { readonly attribute: AttributeAnswer; readonly mapping: MappingAnswer }

/** The attribute that the address names, and the rules. */
export async function found(request: ConsoleRequest): Promise<CallAnswer<Found>> {
  const params = { key: request.param('key') }
  const attribute = await request.call<AttributeAnswer>('getAttribute', { params })
  if (!attribute.ok) return attribute
  const mapping = await request.call<MappingAnswer>('getMapping')
  return mapping.ok
    ? { ok: true, value: { attribute: attribute.value, mapping: mapping.value } }
    : mapping
}

type Shown = {
  readonly fields?: AttributeFields
  readonly problem?: Problem
  readonly rule?: {
    readonly draft: Draft
    readonly version: number
    readonly problem: Problem | null
  }
}

/** One attribute: where its value comes from, and what it is. */
export async function showOne(request: ConsoleRequest, shown: Shown = {}): Promise<Response> {
  const one = await found(request)
  if (!one.ok) return showProblem(request, one.problem)
  const { attribute, mapping } = one.value
  const { key, system, scim } = attribute
  const saved = mapping.rules[key]
  const draft = shown.rule?.draft ?? (saved === undefined ? null : draftOf(saved))
  return show(request, {
    title: attribute.label,
    tab: 'attributes',
    status: shown.problem?.status ?? shown.rule?.problem?.status ?? 200,
    children: (
      <>
        <Progress request={request} mapping={mapping} />
        {draft !== null && (
          <MappingForm
            request={request}
            attribute={attribute}
            version={versionOf(shown, mapping)}
            draft={draft}
            person={request.form.text('person')}
            problem={shown.rule?.problem ?? null}
            preview={shown.rule === undefined ? null : await previewOf(request, one.value, draft)}
          />
        )}
        {scim !== null && <EntraCard scim={scim} />}
        {!system && (
          <Card
            title="The attribute"
            actions={
              <a class="button danger" href={url(request, `/attributes/${key}/delete`)}>
                Delete
              </a>
            }
          >
            <AttributeForm
              request={request}
              fields={shown.fields ?? fieldsOf(attribute)}
              isNew={false}
              problem={shown.problem ?? null}
            />
          </Card>
        )}
      </>
    ),
  })
}

/** The version that the next Save goes by: who was told that it moved, and sees by what, may mean it. */
function versionOf({ rule }: Shown, { version }: MappingAnswer): number {
  return rule === undefined || rule.problem?.code === 'admin.mapping_changed'
    ? version
    : rule.version
}

/** What a draft would change. */
export async function previewOf(
  request: ConsoleRequest,
  { attribute, mapping }: Found,
  draft: Draft,
) {
  const { key } = attribute
  const saved = mapping.rules[key]
  const rule = ruleOf(draft)
  return (
    <Preview
      request={request}
      attribute={attribute}
      draft={draft}
      differences={saved === undefined ? [] : ruleDifference(saved, rule)}
      tried={await tryDraft(request, { ...mapping.rules, [key]: rule })}
    />
  )
}
