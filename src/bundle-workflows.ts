import { writeFile } from 'node:fs/promises'
import { bundleWorkflowCode } from '@temporalio/worker'
import { preloadModules, workflowsPath } from './temporal/workflow-sources.ts'

/** Builds the workflows' bundle once, for images whose workers should not bundle at every start. */
const [target = 'workflow-bundle.js'] = process.argv.slice(2)
const { code } = await bundleWorkflowCode({ workflowsPath, preloadModules })
await writeFile(target, code)
