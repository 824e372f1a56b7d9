import { posix } from 'node:path'
import { isBuiltin } from 'node:module'
import { parseSync } from '@swc/core'

/** A node of swc's syntax tree, or a part of one. */
export type Node = { type?: string; span?: { start: number; end: number } } & { [key: string]: unknown }

export interface Import {
  /** `src/model/errors.ts` for a file of the project, `npm:zod` for a package, `node:fs` for a built-in. */
  target: string
  typeOnly: boolean
  line: number
}

export interface SourceFile {
  /** Relative to the project's root, with forward slashes. */
  path: string
  lineCount: number
  imports: Import[]
  /** The module's statements. */
  body: Node[]
  lineOf(node: Node): number
  lastLineOf(node: Node): number
}

/** Parses TypeScript by swc: TypeScript 7 has no JavaScript API. */
export function parseSource(path: string, text: string): SourceFile {
  // swc's spans count UTF-8 bytes from wherever its previous file ended, and a module's own span leaves
  // out leading comments. An empty statement put before the text tells where the file begins.
  const [marker, ...body] = parseSync(`;${text}`, {
    syntax: 'typescript',
    tsx: path.endsWith('x'),
    target: 'es2024',
  }).body as unknown as Node[]
  const origin = (marker?.span?.start ?? 0) + 1
  const lineStarts = startsOfLines(Buffer.from(text))
  const lineAt = (position: number) => lineStarts.findLastIndex((start) => start <= position - origin) + 1
  const lineOf = (node: Node) => lineAt(node.span?.start ?? origin)
  const lastLineOf = (node: Node) => lineAt((node.span?.end ?? origin) - 1)
  const lineCount = text.endsWith('\n') ? lineStarts.length - 1 : lineStarts.length
  const imports = [...nodesIn(body)].flatMap((node) => {
    const found = importOf(node)
    return found ? [{ ...found, target: resolveImport(path, found.specifier), line: lineOf(node) }] : []
  })
  return { path, lineCount, imports, body, lineOf, lastLineOf }
}

/** Every typed node of a tree, outer ones first. */
export function* nodesIn(tree: unknown): Generator<Node> {
  if (typeof tree !== 'object' || tree === null) return
  if ('type' in tree && typeof tree.type === 'string') yield tree as Node
  for (const part of Object.values(tree)) yield* nodesIn(part)
}

/** Static and dynamic imports, re-exports and `import('x').Y` types. */
function importOf(node: Node): { specifier: string; typeOnly: boolean } | undefined {
  const from = (source: unknown, typeOnly: boolean) =>
    typeof (source as Node | null)?.value === 'string'
      ? { specifier: (source as { value: string }).value, typeOnly }
      : undefined
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      // `import { type A }` still loads the module under Node's type stripping: only `import type` does not.
      return from(node.source, node.typeOnly === true)
    case 'TsImportType':
      return from(node.argument, true)
    case 'CallExpression':
      if ((node.callee as Node).type !== 'Import') return undefined
      return from((node.arguments as { expression: Node }[])[0]?.expression, false)
    default:
      return undefined
  }
}

function resolveImport(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`
  return `npm:${specifier}`
}

function startsOfLines(bytes: Buffer): number[] {
  const starts = [0]
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1)
  return starts
}
