import { type FunctionEntry, parameters } from './signature.ts'
import { ignored, isBlank, isEnd, isList, singleText, truthOf } from './value.ts'

/** Functions that choose, after Microsoft's reference for writing expressions for attribute mappings. */
export const conditionFunctions: readonly FunctionEntry[] = [
  {
    name: 'IIF',
    parameters: parameters('condition valueIfTrue? valueIfFalse?'),
    does: 'One of two values, by a condition: a comparison with =, <>, >, >=, < or <=, or a function that says True or False. A blank equals "".',
    example: 'IIF([department] = "Research", "Lab", "Office")',
    gives: 'Lab',
    choose: (ask) => {
      const condition = ask(0)
      if (isEnd(condition)) return condition
      const truth = truthOf(condition)
      return typeof truth === 'boolean' ? ask(truth ? 1 : 2) : truth
    },
  },
  {
    name: 'Switch',
    parameters: parameters('source defaultValue? key value…'),
    does: 'The value after the key that is the source, with case; the default when none is. The key "" is that of a blank.',
    example: 'Switch([department], "Other", "Research", "R", "Sales", "S")',
    gives: 'R',
    check: (args) => (args.length % 2 === 0 ? null : 'needs a value for each key'),
    choose: (ask, count) => {
      const source = ask(0)
      if (isEnd(source)) return source
      const text = singleText(source)
      if (typeof text !== 'string') return text
      for (let i = 2; i + 1 < count; i += 2) {
        const key = ask(i)
        if (isEnd(key)) return key
        const keyText = singleText(key)
        if (typeof keyText !== 'string') return keyText
        if (keyText === text) return ask(i + 1)
      }
      return ask(1)
    },
  },
  {
    name: 'Coalesce',
    parameters: parameters('source…'),
    does: 'The first that is not blank; where all are, the last as it is.',
    example: 'Coalesce([mail], [userPrincipalName])',
    gives: 'zoe@contoso.com',
    choose: (ask, count) => {
      for (let i = 0; i < count - 1; i++) {
        const value = ask(i)
        if (isEnd(value) || !isBlank(value)) return value
      }
      return ask(count - 1)
    },
  },
  {
    name: 'IgnoreFlowIfNullOrEmpty',
    parameters: parameters('source'),
    does: 'The value; where it is blank, the source says nothing, so that the next tier may. Wherever it stands, it decides for the whole expression.',
    example: 'IgnoreFlowIfNullOrEmpty([department])',
    gives: 'Research',
    apply: ([source = null]) => (isBlank(source) ? ignored : source),
  },
  {
    name: 'IsNull',
    parameters: parameters('source'),
    does: 'True when there is no value at all; empty text is one.',
    example: 'IsNull([mail])',
    gives: 'True',
    apply: ([source = null]) => source === null || (isList(source) && source.length === 0),
  },
  {
    name: 'IsNullOrEmpty',
    parameters: parameters('source'),
    does: 'True when there is no value, or an empty one.',
    example: 'IsNullOrEmpty([mail])',
    gives: 'True',
    apply: ([source = null]) => isBlank(source),
  },
  {
    name: 'IsPresent',
    parameters: parameters('source'),
    does: 'True when there is a value that is not empty.',
    example: 'IsPresent([department])',
    gives: 'True',
    apply: ([source = null]) => !isBlank(source),
  },
]
