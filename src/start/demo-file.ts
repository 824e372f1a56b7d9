import { join } from 'node:path'
import type { Demo } from '../seed.ts'
import { readJson, writeJson } from './json-file.ts'

/** `DATA_DIR/demo.json`: the demo workspace, for people and scripts. It holds credentials: its owner alone reads it. */
export function readDemo(dataDir: string): Demo | undefined {
  return readJson<Demo>(demoPath(dataDir))
}

export function writeDemo(dataDir: string, demo: Demo): void {
  writeJson(demoPath(dataDir), demo)
}

function demoPath(dataDir: string): string {
  return join(dataDir, 'demo.json')
}
