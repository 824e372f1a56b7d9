import type { Rule } from './rule.ts'
import type { Node, SourceFile } from './source-file.ts'

export const cardRegistryRule: Rule = {
  name: 'every card is in workflows/cards/index.ts',
  check: (files) => {
    const listed = importsOf(files, 'workflows/cards/index.ts')
    return files
      .filter(({ path }) => /^workflows\/cards\/(display|rule|utility|plugin)\//.test(path))
      .filter(({ path }) => !listed.has(path))
      .map(({ path }) => `${path} is not in workflows/cards/index.ts`)
  },
}

export const integrationRegistryRule: Rule = {
  name: 'every integration is in integrations/index.ts',
  check: (files) => {
    if (!files.some(({ path }) => path === 'integrations/index.ts')) return []
    const listed = [...importsOf(files, 'integrations/index.ts')]
    const folders = files.map(({ path }) => path.match(/^integrations\/[^/]+\//)?.[0] ?? '').filter(Boolean)
    return (
      [...new Set(folders)]
        // The channel itself, and who vouches for keys to it, are nothing that a journey calls.
        .filter((folder) => !['integrations/whatsapp/', 'integrations/dialog360/'].includes(folder))
        .filter((folder) => !listed.some((path) => path.startsWith(folder)))
        .map((folder) => `${folder} is not in integrations/index.ts`)
    )
  },
}

/** A workflow type without a recorded history could be changed in a way that strands its running executions. */
export function historyRule(recordedTypes: string[]): Rule {
  return {
    name: 'every workflow type has a history in test/histories',
    check: (files) => {
      const registry = files.find(({ path }) => path === 'workflows/index.ts')
      return (registry ? exportedNames(registry, files) : [])
        .filter((name) => !recordedTypes.includes(name))
        .map(
          (name) => `workflows/index.ts exports ${name}, of which test/histories/${name}/ holds no history`,
        )
    },
  }
}

function importsOf(files: SourceFile[], path: string): Set<string> {
  return new Set(files.find((file) => file.path === path)?.imports.map(({ target }) => target))
}

/** The names of a module's value exports, those behind `export *` included. */
function exportedNames(file: SourceFile, files: SourceFile[]): string[] {
  return file.body.flatMap((node) => {
    if (node.typeOnly) return []
    if (node.type === 'ExportNamedDeclaration') return namesOf(node)
    if (node.type === 'ExportDeclaration') return declaredNames(node.declaration as Node)
    if (node.type !== 'ExportAllDeclaration') return []
    const target = file.imports.find(({ line }) => line === file.lineOf(node))?.target
    const source = files.find(({ path }) => path === target)
    return source ? exportedNames(source, files) : []
  })
}

function namesOf({ specifiers }: Node): string[] {
  return (specifiers as Node[])
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ exported, orig }) => String(((exported ?? orig) as Node).value))
}

/** Of a declaration only functions can be workflow types. */
function declaredNames(declaration: Node): string[] {
  return declaration.type === 'FunctionDeclaration' ? [String((declaration.identifier as Node).value)] : []
}
