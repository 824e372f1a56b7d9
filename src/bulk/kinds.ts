import type { BulkKind } from './bulk-kind.ts'
import { cancel } from './kinds/cancel.ts'
import { migrate } from './kinds/migrate.ts'
import { release } from './kinds/release.ts'
import { resolve } from './kinds/resolve.ts'
import { restart } from './kinds/restart.ts'

/** Everything that can be done to many runs at once: one line a kind. */
export const bulkKinds: Readonly<Record<string, BulkKind>> = { resolve, cancel, restart, release, migrate }
