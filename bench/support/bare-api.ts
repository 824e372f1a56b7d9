import express from 'express'
import pg from 'pg'

/** What anybody would write first: one INSERT of the body a POST, answered when it is committed. */
const [databaseUrl, port] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 })
const app = express()
app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
app.post('/', express.text({ type: () => true, limit: '5mb' }), async (request, response) => {
  await pool.query('insert into posts (body) values ($1)', [request.body])
  response.sendStatus(200)
})
app.listen(Number(port), '127.0.0.1')
