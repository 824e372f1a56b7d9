import { perFile } from './rule.ts'
import { type Node, nodesIn } from './source-file.ts'

const mutators = new Set(
  'set add delete clear push pop shift unshift splice sort reverse fill copyWithin'.split(' '),
)

/**
 * Workflows share one context a worker: what a module keeps leaks from one execution into another and
 * breaks replay (temporalio/sdk-typescript#1355).
 */
export const workflowStateRule = perFile(
  'modules that workflows load keep no mutable state',
  (path) => /^(workflows|src\/model)\//.test(path),
  ({ body }) => {
    const declarations = body.map((node) =>
      node.type === 'ExportDeclaration' ? (node.declaration as Node) : node,
    )
    const variables = declarations.filter(({ type }) => type === 'VariableDeclaration')
    const reassignable = variables.filter(({ kind }) => kind !== 'const')
    const constants = variables
      .filter(({ kind }) => kind === 'const')
      .flatMap(({ declarations }) => declarations as Node[])
      .flatMap((node) => ({ node, name: String((node.id as Node).value), init: node.init as Node | null }))
    const mutated = new Set([...nodesIn(body)].map(mutatedName))
    return [
      ...reassignable.map((node) => ({ node, message: `has a top-level ${node.kind}` })),
      ...constants
        .filter(({ name, init }) => isEmptyHolder(init) || mutated.has(name))
        .map(({ node, name }) => ({ node, message: `keeps state in ${name}` })),
    ]
  },
)

/** `new Map()`, `new Set()`, `[]`, `{}`: empty at the top level, it can only be meant to be filled. */
function isEmptyHolder(init: Node | null): boolean {
  const value = unwrap(init)
  if (value?.type === 'ArrayExpression') return (value.elements as unknown[]).length === 0
  if (value?.type === 'ObjectExpression') return (value.properties as unknown[]).length === 0
  if (value?.type !== 'NewExpression') return false
  const made = String((value.callee as Node).value)
  return /^(Weak)?(Map|Set)$/.test(made) && !(value.arguments as unknown[] | null)?.length
}

/** The variable whose content a node changes: `x.push(1)`, `x.y = 1`, `x[0]++`, `delete x.y`, `Object.assign(x)`. */
function mutatedName(node: Node): string | undefined {
  if (node.type === 'AssignmentExpression') return ownerOf(node.left)
  if (node.type === 'UpdateExpression') return ownerOf(node.argument)
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return ownerOf(node.argument)
  if (node.type !== 'CallExpression') return undefined
  const callee = node.callee as Node
  const method = String((callee.property as Node | undefined)?.value)
  if (mutators.has(method)) return ownerOf(callee)
  const [first] = node.arguments as { expression: Node }[]
  const assigns = method === 'assign' && (callee.object as Node).value === 'Object'
  return assigns ? (first?.expression.value as string | undefined) : undefined
}

/** `x` of `x.y.z`; nothing for a bare `x`, whose reassignment `const` forbids. */
function ownerOf(target: unknown): string | undefined {
  let node = unwrap(target as Node)
  if (node?.type !== 'MemberExpression') return undefined
  while (node?.type === 'MemberExpression') node = unwrap(node.object as Node)
  return node?.type === 'Identifier' ? String(node.value) : undefined
}

function unwrap(node: Node | null): Node | null {
  const wrappers = ['TsAsExpression', 'TsSatisfiesExpression', 'TsNonNullExpression', 'ParenthesisExpression']
  return node && wrappers.includes(String(node.type)) ? unwrap(node.expression as Node) : node
}
