/**
 * The expression language of the mapping: Entra's function names, parsed to a tree, without evaluation of code, time
 * or chance. Pure, total and bounded.
 */
export * from './compile.ts'
export { expressionFunctions, refusedFunctions } from './functions.ts'
export { parseExpression, signatureOf } from './parse.ts'
export type { FunctionEntry } from './signature.ts'
export type { ExpressionNode, ExpressionProblem } from './tree.ts'
