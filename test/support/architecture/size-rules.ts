import { isProduct, perFile } from './rule.ts'
import { type Node, nodesIn } from './source-file.ts'

export const fileSizeRule = perFile(
  'a file has at most 300 lines',
  () => true,
  ({ lineCount }) => (lineCount > 300 ? [{ message: `has ${lineCount} lines` }] : []),
)

/** The callbacks of `describe` and `test` are lists, not functions to understand at once. */
export const functionSizeRule = perFile(
  'a function has at most 60 lines',
  (path) => !path.endsWith('.test.ts'),
  (file) =>
    functionsIn(file.body)
      .map((node) => ({ node, lines: file.lastLineOf(node) - file.lineOf(node) + 1 }))
      .filter(({ lines }) => lines > 60)
      .map(({ node, lines }) => ({ node, message: `a function has ${lines} lines` })),
)

export const activitySizeRule = perFile(
  'an activity has at most 25 lines',
  (path) => isProduct(path) && path.startsWith('activities/'),
  (file) =>
    functionsIn(file.body)
      .filter((node) => !makesActivities(node))
      .map((node) => ({ node, lines: file.lastLineOf(node) - file.lineOf(node) + 1 }))
      .filter(({ lines }) => lines > 25)
      .map(({ node, lines }) => ({
        node,
        message: `an activity has ${lines} lines: it calls, a feature does`,
      })),
)

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
  'GetterProperty',
  'SetterProperty',
])

function functionsIn(tree: unknown): Node[] {
  return [...nodesIn(tree)].filter(({ type }) => functionTypes.has(String(type)))
}

/** A factory, `(deps) => ({ async send() {} })`, is judged by each activity that it makes. */
function makesActivities(node: Node): boolean {
  const body = node.body as Node | undefined
  const returned = ((body?.stmts as Node[] | undefined) ?? [])
    .filter(({ type }) => type === 'ReturnStatement')
    .map(({ argument }) => argument as Node | undefined)
  const made = [body?.type === 'ParenthesisExpression' ? (body.expression as Node) : body, ...returned]
  return made.some((value) => value?.type === 'ObjectExpression') && functionsIn(body).length > 0
}
