import type { Import } from '../api/shapes.ts'

export const stateWords: Record<Import['state'], string> = {
  uploading: 'being uploaded',
  uploaded: 'to be mapped',
  ready: 'ready to start',
  running: 'running',
  paused: 'paused',
  checked: 'checked',
  completed: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
}

export const stateColors: Record<Import['state'], string> = {
  uploading: 'gray',
  uploaded: 'yellow',
  ready: 'blue',
  running: 'blue',
  paused: 'yellow',
  checked: 'blue',
  completed: 'teal',
  cancelled: 'gray',
  failed: 'red',
}

/** Before it runs for good. */
export function isOpen({ state }: Import): boolean {
  return state === 'uploaded' || state === 'ready' || state === 'checked'
}
