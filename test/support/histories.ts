import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface SavedHistory {
  /** The workflow type, which is the name of its folder. */
  workflowType: string
  /** What the run went through: the file's name without `.json`. */
  title: string
  path: string
  /** Temporal's JSON form of a history, as `Worker.runReplayHistory` takes it. */
  read(): { events: unknown[] }
}

const folder = fileURLToPath(new URL('../histories/', import.meta.url))

/** Every history under test/histories; its README says how one is recorded. */
export function savedHistories(): SavedHistory[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => {
      const [workflowType = '', file = ''] = path.split('/')
      const read = () => JSON.parse(readFileSync(folder + path, 'utf8'))
      return { workflowType, title: file.replace(/\.json$/, ''), path: folder + path, read }
    })
}
