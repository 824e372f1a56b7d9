import protobuf from '@temporalio/proto'
import { Connection } from '@temporalio/client'
import type { Config } from '../config.ts'
import { searchAttribute } from '../../workflows/contract.ts'
import { connectionOptions } from './connect.ts'

/** Registers what runs are searched by; what is there already stays. Temporal Cloud keeps them by `tcld` instead. */
export async function registerSearchAttributes(config: Config): Promise<string[]> {
  const connection = await Connection.connect(await connectionOptions(config))
  try {
    const namespace = config.TEMPORAL_NAMESPACE
    const known = await connection.operatorService.listSearchAttributes({ namespace })
    const missing = Object.values(searchAttribute)
      .map(({ name }) => name)
      .filter((name) => !known.customAttributes?.[name])
    if (missing.length === 0) return []
    const type = protobuf.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, type]))
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes })
    return missing
  } finally {
    await connection.close()
  }
}
