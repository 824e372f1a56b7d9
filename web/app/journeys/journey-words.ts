/** Of journeys, runs and operations. */
export const stateColors: Record<string, string> = {
  draft: 'gray',
  published: 'teal',
  pending: 'blue',
  running: 'blue',
  waiting: 'blue',
  paused: 'yellow',
  stuck: 'red',
  completed: 'teal',
  exited: 'gray',
  cancelled: 'gray',
  failed: 'red',
  stopped: 'red',
  passed: 'teal',
}

export const triggerWords: Record<string, string> = {
  'user-utterance': 'A message says …',
  'custom-event': 'An event comes',
  'segment-entered': 'Segment entered',
  'segment-left': 'Segment left',
  'attribute-changed': 'Attribute changed',
  'import-contact': 'Contact imported',
  'manual-add': 'Contact added by hand',
  'qr-code': 'QR code or link',
  'ad-click': 'Click on an ad',
  widget: 'Website widget',
  manual: 'Started by hand',
  api: 'Started by the API',
}

export const runStates = [
  'running',
  'waiting',
  'stuck',
  'paused',
  'completed',
  'exited',
  'cancelled',
  'failed',
]
