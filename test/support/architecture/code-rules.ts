import { isProduct, isToolConfig, perFile } from './rule.ts'
import { type Node, nodesIn } from './source-file.ts'

export const environmentRule = perFile(
  'the environment is read in src/config.ts only',
  (path) => isProduct(path) && path !== 'src/config.ts',
  ({ body }) =>
    [...nodesIn(body)]
      .filter((node) => isMember(node, 'process', 'env') || takesEnvOutOfProcess(node))
      .map((node) => ({ node, message: 'reads process.env' })),
)

export const fetchRule = perFile(
  'fetch is called in integrations/kit.ts only',
  (path) =>
    isProduct(path) && !['integrations/kit.ts', 'integrations/whatsapp/sandbox/webhooks.ts'].includes(path),
  ({ body }) =>
    [...nodesIn(body)]
      .filter((node) => node.type === 'CallExpression')
      .filter(({ callee }) => isName(callee, 'fetch') || isMember(callee as Node, 'globalThis', 'fetch'))
      .map((node) => ({ node, message: 'calls fetch' })),
)

export const anyRule = perFile(
  'nothing is cast to any',
  () => true,
  ({ body }) =>
    [...nodesIn(body)]
      .filter(({ type }) => type === 'TsAsExpression' || type === 'TsTypeAssertion')
      .filter(({ typeAnnotation }) => (typeAnnotation as Node).kind === 'any')
      .map((node) => ({ node, message: 'casts to any' })),
)

export const defaultExportRule = perFile(
  'exports have names',
  (path) => !isToolConfig(path),
  ({ body }) =>
    body
      .filter(
        (node) =>
          node.type === 'ExportDefaultDeclaration' ||
          node.type === 'ExportDefaultExpression' ||
          [...nodesIn(node.specifiers)].some(({ exported }) => isName(exported, 'default')),
      )
      .map((node) => ({ node, message: 'exports a default' })),
)

const impureGlobals = new Set(
  'setTimeout setInterval setImmediate queueMicrotask process console crypto performance fetch Buffer require'.split(
    ' ',
  ),
)

export const pureRule = perFile(
  'src/model and the cards have no clock, randomness, timers or I/O',
  (path) => /^(src\/model|workflows\/cards)\//.test(path),
  ({ body }) =>
    [...nodesIn(body)].flatMap((node) => {
      if (isMember(node, 'Date', 'now') || isMember(node, 'Temporal', 'Now'))
        return [{ node, message: 'reads the clock' }]
      if (isMember(node, 'Math', 'random')) return [{ node, message: 'is random' }]
      if (
        node.type === 'NewExpression' &&
        isName(node.callee, 'Date') &&
        !(node.arguments as Node[])?.length
      ) {
        return [{ node, message: 'reads the clock' }]
      }
      const used = [node.type === 'CallExpression' ? node.callee : undefined, node.object].find(
        (part) => isIdentifier(part) && impureGlobals.has(part.value),
      )
      return used ? [{ node, message: `uses ${(used as { value: string }).value}` }] : []
    }),
)

export const noEntityManagerRule = perFile(
  'src/inbound and src/public-api never touch the entity manager',
  (path) => /^src\/(inbound|public-api)\//.test(path),
  ({ body }) =>
    [...nodesIn(body)]
      .filter((node) => node.type === 'MemberExpression' || node.type === 'AssignmentPatternProperty')
      .filter((node) => isName(node.property, 'em') || isName(node.key, 'em'))
      .map((node) => ({ node, message: 'uses em: that belongs into a feature' })),
)

function isIdentifier(node: unknown): node is Node & { value: string } {
  return (node as Node | undefined)?.type === 'Identifier'
}

function isName(node: unknown, name: string): boolean {
  return isIdentifier(node) && node.value === name
}

/** `object.property` or `object['property']`. */
function isMember(node: Node, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || !isName(node.object, object)) return false
  const key = node.property as Node
  return isName(key, property) || (key.expression as Node | undefined)?.value === property
}

/** `const { env } = process` and `import { env } from 'node:process'`. */
function takesEnvOutOfProcess(node: Node): boolean {
  if (node.type === 'VariableDeclarator' && isName(node.init, 'process')) {
    return [...nodesIn(node.id)].some(({ key }) => isName(key, 'env'))
  }
  if (node.type !== 'ImportDeclaration') return false
  return /^(node:)?process$/.test(String((node.source as Node).value))
}
