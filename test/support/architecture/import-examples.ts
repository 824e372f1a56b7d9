import type { Example } from './examples.ts'

const room = 'a file imports only what its room may'
const parser = 'src/inbound and src/public-api use only the pure parsers of integrations'
const kit = { 'integrations/kit.ts': `import { fetch } from 'undici'` }

/** One file that breaks the rule of its room, and a neighbour that keeps it. */
function inRoom(path: string, breaks: string, keeps: string, says: RegExp = /may not import/): Example {
  return { rule: room, breaks: { [path]: breaks }, keeps: { [path]: keeps }, says }
}

export const importExamples: Example[] = [
  inRoom(
    'src/model/phone.ts',
    `import { hash } from 'node:crypto'`,
    `import { z } from 'zod'`,
    /node:crypto/,
  ),
  inRoom(
    'src/model/phone.ts',
    `import type { Deps } from '../deps.ts'`,
    `import { a } from './errors.ts'`,
    /as a type/,
  ),
  inRoom('src/model/phone.ts', `type A = import('../deps.ts').Deps`, `type A = import('zod').ZodType`),
  inRoom('src/model/phone.ts', `const a = await import('quickjs')`, `const a = await import('liquidjs')`),
  inRoom('src/config.ts', `import { a } from './kit/log.ts'`, `import { z } from 'zod'`),
  inRoom('src/deps.ts', `import { a } from './inbox/send.ts'`, `import type { A } from './inbox/send.ts'`),
  inRoom(
    'src/kit/auth.ts',
    `import { User } from '../settings/entities.ts'`,
    `import { a } from '../db/orm.ts'`,
  ),
  inRoom('src/db/orm.ts', `import { a } from '../inbox/send.ts'`, `import { A } from '../inbox/entities.ts'`),
  inRoom(
    'src/inbox/send.ts',
    `import { a } from '../contacts/routes.ts'`,
    `import { a } from '../contacts/find.ts'`,
  ),
  inRoom(
    'src/inbox/send.ts',
    `import { a } from '../inbound/apps.ts'`,
    `import { a } from '../../integrations/kit.ts'`,
  ),
  inRoom(
    'src/inbox/send.ts',
    `import { a } from '../public-api/engati.ts'`,
    `import { a } from '../kit/seal.ts'`,
  ),
  inRoom('src/inbox/send.ts', `import { a } from '../server.ts'`, `import { a } from '../config.ts'`),
  inRoom(
    'src/inbox/send.ts',
    `import { a } from '../../workflows/chat.ts'`,
    `import { a } from '../../workflows/contract.ts'`,
  ),
  inRoom(
    'src/inbox/send.ts',
    `import type { A } from '../../activities/send.ts'`,
    `import { a } from '../../workflows/cards/index.ts'`,
  ),
  inRoom(
    'src/inbox/send.ts',
    `import { sleep } from '@temporalio/workflow'`,
    `import { Client } from '@temporalio/client'`,
  ),
  inRoom('src/inbox/send.ts', `import { Router } from 'express'`, `import pg from 'pg'`),
  inRoom(
    'src/inbox/routes.ts',
    `import { a } from '../contacts/routes.ts'`,
    `import { Router } from 'express'`,
  ),
  inRoom(
    'src/inbound/whatsapp.ts',
    `import { Message } from '../inbox/entities.ts'`,
    `import { a } from '../inbox/receive.ts'`,
  ),
  inRoom('src/inbound/whatsapp.ts', `import { a } from '../db/orm.ts'`, `import { a } from '../kit/log.ts'`),
  inRoom('src/public-api/engati.ts', `import { raw } from '@mikro-orm/core'`, `import { z } from 'zod'`),
  inRoom(
    'src/public-api/wabbit/a.ts',
    `import { a } from '../../settings/routes.ts'`,
    `import { a } from '../dialect.ts'`,
  ),
  inRoom(
    'activities/send.ts',
    `import { Router } from 'express'`,
    `import { Context } from '@temporalio/activity'`,
  ),
  inRoom(
    'activities/send.ts',
    `import { a } from '../integrations/kit.ts'`,
    `import { a } from '../src/inbox/send.ts'`,
  ),
  inRoom(
    'activities/send.ts',
    `import { A } from '../src/inbox/entities.ts'`,
    `import type { A } from '../src/inbox/entities.ts'`,
  ),
  inRoom(
    'workflows/chat.ts',
    `import { a } from '../activities/send.ts'`,
    `import type { A } from '../activities/send.ts'`,
  ),
  inRoom(
    'workflows/chat.ts',
    `import { type A } from '../activities/send.ts'`,
    `import type { A } from '@temporalio/common'`,
  ),
  inRoom(
    'workflows/chat.ts',
    `import type { A } from '../src/inbox/send.ts'`,
    `import { a } from '../src/model/errors.ts'`,
  ),
  inRoom(
    'workflows/chat.ts',
    `import { a } from '@temporalio/client'`,
    `import { a } from '@temporalio/workflow'`,
  ),
  inRoom(
    'workflows/cards/rule/if.ts',
    `import { sleep } from '@temporalio/workflow'`,
    `import { z } from 'zod'`,
  ),
  inRoom(
    'workflows/cards/rule/if.ts',
    `import { a } from '../../contract.ts'`,
    `import { a } from '../card.ts'`,
  ),
  inRoom(
    'integrations/slack/post.ts',
    `import { a } from '../shopify/order.ts'`,
    `import { a } from '../kit.ts'`,
  ),
  inRoom(
    'integrations/slack/post.ts',
    `import { a } from '../../src/apps/seal.ts'`,
    `import { a } from '@slack/web-api'`,
  ),
  inRoom(
    'integrations/slack/post.ts',
    `import { a } from '@temporalio/common'`,
    `import { a } from '../../src/model/errors.ts'`,
  ),
  inRoom('integrations/whatsapp/send.ts', `import express from 'express'`, `import { a } from './error.ts'`),
  inRoom(
    'integrations/whatsapp/sandbox/a.ts',
    `import { a } from '../../../src/kit/log.ts'`,
    `import express from 'express'`,
  ),
  inRoom(
    'web/app.tsx',
    `import { a } from '../src/model/errors.ts'`,
    `import type { A } from '../src/model/errors.ts'`,
  ),
  inRoom(
    'web/app/api/shapes.ts',
    `import type { A } from '../../../src/contacts/contact-view.ts'`,
    `import type { A } from '../../../src/model/json.ts'`,
    /even as a type/,
  ),
  inRoom('web/app.tsx', `import { a } from 'node:fs'`, `import { a } from 'react'`),
  inRoom('src/extra.ts', `export const a = 1`, ``, /in no room/),
  {
    rule: parser,
    breaks: {
      ...kit,
      'src/inbound/whatsapp.ts': `import { a } from '../../integrations/whatsapp/webhook.ts'`,
      'integrations/whatsapp/webhook.ts': `import { b } from './media.ts'`,
      'integrations/whatsapp/media.ts': `import { request } from '../kit.ts'`,
    },
    says: /webhook\.ts loads integrations\/kit\.ts/,
    keeps: {
      ...kit,
      'src/inbound/whatsapp.ts': `import { a } from '../../integrations/whatsapp/webhook.ts'`,
      'integrations/whatsapp/webhook.ts': `import type { Http } from '../kit.ts'`,
    },
  },
  {
    rule: 'undici only where HTTP leaves the house',
    breaks: { 'src/kit/route.ts': `import { fetch } from 'undici'` },
    says: /kit\.request/,
    keeps: kit,
  },
]
// A file of a known room stands for the neighbour of one that stands in none.
for (const example of importExamples)
  if (example.breaks['src/extra.ts']) example.keeps = { 'src/worker.ts': '' }
