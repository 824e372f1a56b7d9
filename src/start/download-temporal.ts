import { TestWorkflowEnvironment } from '@temporalio/testing'

// node src/start/download-temporal.ts <folder> <version>: lets Temporal's SDK download its dev server into the
// folder. The SDK also starts what it downloaded, which shows that it runs here.
const [, , downloadDir = '.', version] = process.argv
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir, version: `v${version}` }, ui: false },
})
await environment.teardown()
