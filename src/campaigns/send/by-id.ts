/**
 * SQL: the message `m` is of the workspace. Said in such a way that no index on workspaces is chosen for it: rows are found by
 * their ids, and where PostgreSQL has no statistics yet it would read all of the workspace for each chunk.
 */
export const ofWorkspace = `(m.workspace_id = ?) is true`
