import type { Config } from '../config.ts'

/** Where Temporal's UI shows a workflow; null when no UI is configured. */
export function historyUrl(
  config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'>,
  workflowId: string,
): string | null {
  if (!config.TEMPORAL_UI_URL) return null
  const base = config.TEMPORAL_UI_URL.replace(/\/+$/, '')
  return `${base}/namespaces/${config.TEMPORAL_NAMESPACE}/workflows/${encodeURIComponent(workflowId)}`
}
