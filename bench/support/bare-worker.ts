import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'

export type BareActivities = typeof activities
export type BareReport = { contact: string; at: 'asked' | 'ended' | 'asleep' } | 'polling'

const activities = {
  async nothing(): Promise<void> {},
  /** Tells the driver of the load where the workflow is: cheaper than any call that Temporal offers. */
  async report(contact: string, at: 'asked' | 'ended' | 'asleep'): Promise<void> {
    process.send?.({ contact, at })
  },
}

/** The same settings as src/worker.ts, no codec, no database. */
const [address = '', taskQueue = ''] = process.argv.slice(2)
Runtime.install({ logger: new DefaultLogger('WARN') })
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue,
  activities,
  workflowsPath: new URL('./bare-workflows.ts', import.meta.url).pathname,
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 8, maximum: 50 },
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 20 },
  maxConcurrentWorkflowTaskExecutions: 100,
  maxConcurrentLocalActivityExecutions: 100,
})
process.on('disconnect', () => process.exit(0))
process.send?.('polling')
await worker.run()
