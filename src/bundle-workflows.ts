import { writeFile } from 'node:fs/promises'
import { bundleWorkflowCode } from '@temporalio/worker'

/** Builds the workflows' bundle once, for images whose workers should not bundle at every start. */
const [target = 'workflow-bundle.js'] = process.argv.slice(2)
const workflowsPath = new URL('../workflows/index.ts', import.meta.url).pathname
const { code } = await bundleWorkflowCode({ workflowsPath })
await writeFile(target, code)
