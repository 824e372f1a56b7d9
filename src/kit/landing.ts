import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'
import type { Config } from '../config.ts'
import type { Check, Readiness } from './health.ts'
import { escapeHtml } from './html.ts'

/** `GET /`: where everything is, and whether it answers. Plain HTML, made on the server. */
export function serveLanding(config: Config, readiness: () => Promise<Readiness>): Router {
  const router = Router()
  router.get('/', async (_request, response) => {
    const { checks } = await readiness()
    const html = page
      .replace('<!-- checks -->', Object.entries(checks).map(toCheck).join('\n'))
      .replace('<!-- links -->', linksOf(config).map(toLink).join('\n'))
    response.set('Cache-Control', 'no-store').type('html').send(html)
  })
  router.use('/landing', express.static(fileURLToPath(folder), { index: false, maxAge: '5m' }))
  return router
}

interface Link {
  title: string
  url: string
  says: string
}

function linksOf({ TEMPORAL_UI_URL, WHATSAPP_BASE_URL }: Config): Link[] {
  const sandboxUrl = new URL(WHATSAPP_BASE_URL).host.endsWith('graph.facebook.com') ? '' : WHATSAPP_BASE_URL
  const links = [
    { title: 'Web app', url: '/app/', says: 'Contacts, segments and imports: sign in and work.' },
    {
      title: 'Sandbox phone',
      url: sandboxUrl,
      says: 'Speak as a customer: say “hello” to meet the Welcome journey.',
    },
    { title: 'API docs', url: '/docs/', says: 'Every operation of the platform API, to read and to try.' },
    {
      title: 'Chatman API docs',
      url: '/docs/?api=chatman',
      says: 'The audience in Chatman’s words, for programs that speak its public API.',
    },
    {
      title: 'Temporal',
      url: TEMPORAL_UI_URL ?? '',
      says: 'Every journey and chat as a workflow, step by step.',
    },
    {
      title: 'Decode histories',
      url: '/codec/login',
      says: 'Sign in, so that Temporal shows payloads in the clear.',
    },
  ]
  return links.filter(({ url }) => url !== '')
}

function toLink({ title, url, says }: Link): string {
  return `<li><a href="${escapeHtml(url)}"><strong>${escapeHtml(title)}</strong><span>${escapeHtml(says)}</span></a></li>`
}

const names: Record<string, string> = { postgres: 'PostgreSQL', temporal: 'Temporal', worker: 'Worker' }

function toCheck([name, { status, ms, error }]: [string, Check]): string {
  const says = status === 'ok' ? `answers in ${ms} ms` : (error ?? 'does not answer')
  return `<li class="${status}"><strong>${names[name] ?? name}</strong><span>${escapeHtml(says)}</span></li>`
}

const folder = new URL('../../web/landing/', import.meta.url)
const page = readFileSync(new URL('index.html', folder), 'utf8')
