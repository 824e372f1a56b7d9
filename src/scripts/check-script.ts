import { Script } from 'node:vm'

/** Why a script cannot be read, with the line; undefined of one that can. It is compiled only, never run here. */
export function scriptProblem(code: string): string | undefined {
  try {
    new Script(`(async function (contact, vars, event) {\n${code}\n})`, {
      filename: 'script',
      lineOffset: -1,
    })
    return undefined
  } catch (error) {
    const { message, stack = '' } = error as Error
    const line = /^script:(\d+)/.exec(stack)?.[1]
    return line ? `line ${line}: ${message}` : message
  }
}
