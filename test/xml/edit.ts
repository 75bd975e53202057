import fc from 'fast-check'
import { type Plan, prefixes } from './generate.ts'

/** One change to one element of a plan. */
export type Edit = (plan: Plan) => Plan

const rename: Edit = (plan) => ({ ...plan, local: `${plan.local}x` })
const pickAnother: Edit = (plan) => ({ ...plan, pick: plan.pick + 1 })
const restyle: Edit = (plan) => ({ ...plan, style: plan.style + 1 })
const addText: Edit = (plan) => ({ ...plan, children: [...plan.children, '<!---->'] })
const addSpace: Edit = (plan) => ({ ...plan, children: [' ', ...plan.children] })
const dropLast: Edit = (plan) => ({ ...plan, children: plan.children.slice(0, -1) })
const reverse: Edit = (plan) => ({ ...plan, children: plan.children.toReversed() })
const nest: Edit = (plan) => ({
  ...plan,
  children: [{ ...plan, local: 'n', declared: [], attributes: [] }],
})
const addAttribute: Edit = (plan) => ({
  ...plan,
  attributes: [...plan.attributes, { pick: 99, local: 'added', value: '"' }],
})
const dropAttribute: Edit = (plan) => ({ ...plan, attributes: plan.attributes.slice(1) })
const swapAttributes: Edit = (plan) => ({ ...plan, attributes: plan.attributes.toReversed() })
const changeValue: Edit = (plan) => ({
  ...plan,
  attributes: plan.attributes.map((attribute) => ({ ...attribute, value: `${attribute.value}\n` })),
})
const declareAnother: Edit = (plan) => ({
  ...plan,
  declared: [{ prefix: prefixes[0] ?? '', uri: 'urn:other' }],
})
const declareDefault: Edit = (plan) => ({ ...plan, declared: [{ prefix: '', uri: 'urn:other' }] })
const dropDeclarations: Edit = (plan) => ({ ...plan, declared: [] })

const edits: readonly Edit[] = [
  rename,
  pickAnother,
  restyle,
  addText,
  addSpace,
  dropLast,
  reverse,
  nest,
  addAttribute,
  dropAttribute,
  swapAttributes,
  changeValue,
  declareAnother,
  declareDefault,
  dropDeclarations,
]

/** An edit of the element that is `steps` turns into the tree: each turn goes into the next child element. */
export const edited: fc.Arbitrary<Edit> = fc
  .record({ edit: fc.constantFrom(...edits), path: fc.array(fc.nat(3), { maxLength: 3 }) })
  .map(
    ({ edit, path }) =>
      (plan) =>
        editAt(plan, path, edit),
  )

function editAt(plan: Plan, path: readonly number[], edit: Edit): Plan {
  const [turn, ...rest] = path
  const inner = plan.children.filter((child) => typeof child !== 'string')
  const chosen = turn === undefined ? undefined : inner[turn % Math.max(1, inner.length)]
  if (chosen === undefined) return edit(plan)
  const children = plan.children.map((child) =>
    child === chosen ? editAt(chosen, rest, edit) : child,
  )
  return { ...plan, children }
}
