import { randomUUID } from 'node:crypto'
import { Connection } from '@temporalio/client'
import { temporal } from '@temporalio/proto'
import { searchAttribute } from '../../workflows/contract.ts'
import { atFileEnd } from './at-file-end.ts'
import { eventually } from './eventually.ts'
import { askServerDesk } from './ask-server-desk.ts'
import { createTemporalInstance, type TemporalInstance } from './temporal-instance.ts'

const searchAttributeNames = Object.values(searchAttribute).map(({ name }) => name)

/** A namespace of the caller's own on the run's Temporal server, with the search attributes, usable at once. */
export async function testNamespace(): Promise<{ address: string; namespace: string }> {
  const { address } = await askServerDesk('temporal')
  return { address, namespace: await registerNamespace(address) }
}

/** A Temporal server of the caller's own, to stop, kill and start again, with a namespace as above. */
export async function privateTemporal(): Promise<TemporalInstance & { namespace: string }> {
  const instance = await createTemporalInstance()
  atFileEnd(instance.remove)
  return { ...instance, namespace: await registerNamespace(instance.address) }
}

/** The workflow bundle of the run, for `Worker.create({ workflowBundle })`. */
export async function workflowBundle(): Promise<{ codePath: string }> {
  return askServerDesk('bundle')
}

async function registerNamespace(address: string): Promise<string> {
  const namespace = `test-${randomUUID()}`
  const connection = await Connection.connect({ address })
  const keyword = temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
  const searchAttributes = Object.fromEntries(searchAttributeNames.map((name) => [name, keyword]))
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: (24 * 60 * 60) as never },
    })
    // The server's own cache of namespaces learns of a new one a moment later.
    await eventually(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }))
    await eventually(async () => {
      const known = await connection.operatorService.listSearchAttributes({ namespace })
      const missing = searchAttributeNames.filter((name) => known.customAttributes[name] !== keyword)
      if (missing.length > 0) throw new Error(`no search attributes ${missing}`)
    })
  } finally {
    await connection.close()
  }
  return namespace
}
