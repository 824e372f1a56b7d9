import { z } from 'zod'

/** A port, 0 meaning "any free one" where a test starts the process. */
const port = z.coerce.number().int().min(0).max(65_535)
const delayMs = z.coerce.number().int().min(0)
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')

/**
 * Everything the processes read from the environment. This file is the only reader of `process.env`;
 * `docker-compose.yml` and the README name variables from here, and a test holds them to it.
 */
export const configSchema = z.object({
  PORT: port.default(3000).meta({ description: 'API and web app' }),
  SANDBOX_PORT: port.default(3001).meta({ description: 'the WhatsApp sandbox of `npm start`' }),
  DATA_DIR: z.string().default('.data').meta({ description: 'state of `npm start`' }),
  DATABASE_URL: z
    .string()
    .optional()
    .meta({ description: 'PostgreSQL; `npm start` brings its own when absent' }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).default(16),
  TEMPORAL_ADDRESS: z
    .string()
    .optional()
    .meta({ description: 'host:port; `npm start` brings its own when absent' }),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional().meta({ description: 'Temporal Cloud API key' }),
  TEMPORAL_TLS: flag.default(false).meta({ description: 'TLS without a client certificate' }),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
  TEMPORAL_TLS_CA_PATH: z.string().optional(),
  TEMPORAL_TLS_CERT_PATH: z.string().optional().meta({ description: 'mTLS client certificate (PEM)' }),
  TEMPORAL_TLS_KEY_PATH: z.string().optional().meta({ description: 'mTLS client key (PEM)' }),
  TEMPORAL_UI_URL: z.string().optional().meta({ description: 'for deep links to histories' }),
  WHATSAPP_BASE_URL: z
    .url()
    .default('https://graph.facebook.com')
    .meta({ description: 'the Graph API, or the sandbox' }),
  WHATSAPP_GRAPH_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/)
    .default('v23.0'),
  D360_BASE_URL: z
    .url()
    .default('https://waba-v2.360dialog.io')
    .meta({ description: "360dialog's API, which says whether a `D360-Api-Key` is valid" }),
  MASTER_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits (openssl rand -hex 32)')
    .optional()
    .meta({ description: 'seals credentials and payload keys; `npm start` keeps its own in DATA_DIR' }),
  PUBLIC_URL: z
    .url()
    .optional()
    .meta({ description: 'how the outside reaches the API, e.g. https://drip.example.com' }),
  TRUST_PROXY_HOPS: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'proxies in front of the API' }),
  SECURE_COOKIES: flag.default(false),
  WORKER_METRICS_PORT: port.default(0).meta({ description: '0: no metrics port on the worker' }),
  WORKFLOW_BUNDLE_PATH: z.string().optional().meta({ description: 'prebuilt workflow bundle (production)' }),
  WORKER_QUEUES: z
    .string()
    .default('dripline,dripline-campaigns')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.enum(['dripline', 'dripline-campaigns'])).min(1))
    .meta({
      description: 'what the worker serves: everything, or only journeys, or only the sending of campaigns',
    }),
  MAX_CACHED_WORKFLOWS: z.coerce.number().int().min(2).optional(),
  SEND_RECONCILE_MS: delayMs
    .default(30_000)
    .meta({ description: 'how long an ambiguous send waits for a status webhook before its policy decides' }),
  SEND_TIMEOUT_MS: delayMs.default(10_000).meta({ description: 'HTTP time-out of one call to WhatsApp' }),
  CHAT_SILENCE_MS: delayMs
    .default(24 * 60 * 60_000)
    .meta({ description: 'a chat closes itself after this silence' }),
  CHAT_FOLD_MS: delayMs.default(0).meta({
    description: 'wait this long for more of a burst before answering; 0 answers the first at once',
  }),
  WEBHOOK_TIMEOUT_MS: delayMs
    .default(15_000)
    .meta({ description: 'how long an endpoint that is called back may take to answer' }),
  IMPORT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000_000_000)
    .meta({ description: 'the largest file that an import takes' }),
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .meta({
      description:
        'what calls of journeys may reach though it is not on the internet: hosts, addresses, networks, by commas',
    }),
  MEDIA_STORE: z
    .enum(['database', 'disk', 's3'])
    .default('database')
    .meta({ description: 'where the bytes of files are put' }),
  MEDIA_DIR: z.string().optional().meta({
    description: 'of the store "disk": a folder that all processes reach; DATA_DIR/media when absent',
  }),
  S3_ENDPOINT: z
    .url()
    .optional()
    .meta({ description: 'of another server that speaks S3; Amazon when absent' }),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_PREFIX: z.string().default('').meta({ description: 'what all keys in the bucket begin with' }),
  S3_ACCESS_KEY_ID: z.string().optional().meta({ description: "the machine's own role when absent" }),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  OUTBOX_SWEEP_MS: delayMs
    .default(2_000)
    .meta({ description: 'how often the worker looks for what a crash left' }),
  XDG_CACHE_HOME: z
    .string()
    .optional()
    .meta({ description: 'where `npm start` keeps a Temporal server it fetched; ~/.cache when absent' }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})
export type Config = z.infer<typeof configSchema>

/** Reads the environment once; a bad variable is named in the error. */
export function loadConfig(environment: Record<string, string | undefined> = process.env): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = configSchema.safeParse(present)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The environment is not usable:\n${lines.join('\n')}`)
}

/** The environment of a child process: ours, under it what it lacks, over it what must hold. */
export function childEnvironment(
  defaults: Record<string, string>,
  overrides: Record<string, string> = {},
): Record<string, string | undefined> {
  const present = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
  return { ...defaults, ...present, ...overrides }
}
