import { rmSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { preloadModules, workflowsPath } from '../../src/temporal/workflow-sources.ts'
import { onExit } from './on-exit.ts'
import type { Shared } from './server-desk.ts'

/** Bundles workflows/index.ts once for all workers of the run. */
export async function buildSharedBundle(): Promise<Shared<'bundle'>> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    preloadModules,
    logger: new DefaultLogger('ERROR'),
    // Every worker reads the map, and Jest once more: lines alone without the sources are a tenth of its size.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-cheap-module-source-map' }),
  })
  const directory = await mkdtemp(join(tmpdir(), 'dripline-test-bundle-'))
  onExit(() => rmSync(directory, { recursive: true, force: true }))
  const codePath = join(directory, 'workflow-bundle.js')
  await writeFile(codePath, code)
  return { told: { codePath }, end: () => rm(directory, { recursive: true, force: true }) }
}
