import { codeExamples } from './code-examples.ts'
import { importExamples } from './import-examples.ts'

/** Files by path. `breaks` breaks the rule exactly once; `keeps` comes close and does not. */
export interface Example {
  rule: string
  breaks: Record<string, string>
  says: RegExp
  keeps?: Record<string, string>
}

export const examples: Example[] = [...importExamples, ...codeExamples]
