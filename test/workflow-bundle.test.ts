import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { workflowBundle } from './support/temporal.ts'

test('workflows/index.ts bundles, with nothing of Node in it', async () => {
  const { codePath } = await workflowBundle()
  expect(requiredBuiltins(await readFile(codePath, 'utf8'))).toEqual([])
})

test('a workflow that imports a built-in of Node does not bundle', async () => {
  const workflowsPath = fileURLToPath(new URL('./fixtures/workflow-that-reads-a-file.ts', import.meta.url))
  const log: string[] = []
  const logger = new DefaultLogger('ERROR', ({ message }) => log.push(message))
  await expect(bundleWorkflowCode({ workflowsPath, logger })).rejects.toThrow()
  expect(log.join('\n')).toMatch(/node:fs/)
})

test('a built-in that was left outside of a bundle is noticed', () => {
  expect(requiredBuiltins(`module.exports = require("node:fs");`)).toEqual(['fs'])
  expect(requiredBuiltins(`const os = require('os')`)).toEqual(['os'])
})

/** The SDK bundles its own `assert`, `url` and `util`; what is required by name comes from outside. */
function requiredBuiltins(code: string): string[] {
  return builtinModules.filter((name) => new RegExp(`\\brequire\\(["'](node:)?${name}["']\\)`).test(code))
}
