/** What one can do, and the operations of the platform's API that do it: `GET /contacts`. */
export type Capabilities = Record<string, string | string[]>
