import type { Node, SourceFile } from './source-file.ts'

/** One law of the house. It sees all files at once and says what breaks it, as `path:line what`. */
export interface Rule {
  name: string
  check(files: SourceFile[]): string[]
}

/** A rule that looks at each file of some rooms by itself. */
export function perFile(
  name: string,
  applies: (path: string) => boolean,
  check: (file: SourceFile) => { node?: Node; message: string }[],
): Rule {
  const checkOne = (file: SourceFile) =>
    check(file).map(({ node, message }) => `${file.path}${node ? `:${file.lineOf(node)}` : ''} ${message}`)
  return { name, check: (files) => files.filter((file) => applies(file.path)).flatMap(checkOne) }
}

/** The product's own code: not its tests, benchmarks and web app. */
export function isProduct(path: string): boolean {
  return /^(src|workflows|activities|integrations)\//.test(path)
}

/** What tools load, and demand a default export of. */
export function isToolConfig(path: string): boolean {
  return /\.config\.m?ts$/.test(path) || /^test\/support\/.*\.mts$/.test(path)
}
