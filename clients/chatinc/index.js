const defaultUrl = 'http://localhost:3000'

/** What the API refused, in its own words; `field` is the first that was wrong. */
export class ChatError extends Error {
  constructor(status, { code, message, field, fields } = {}) {
    super(message ?? `the API answered ${status}`)
    this.name = 'ChatError'
    this.status = status
    this.code = code
    this.field = field ?? null
    this.fields = fields ?? []
  }
}

/** Campaigns, audiences and variables. Where the API is: `baseUrl`, else the environment's CHATINC_URL, else this machine. */
export default class Chat {
  #apiKey
  #baseUrl

  constructor(apiKey, { baseUrl = globalThis.process?.env?.CHATINC_URL ?? defaultUrl } = {}) {
    if (!apiKey) throw new TypeError('an API key is required')
    this.#apiKey = apiKey
    this.#baseUrl = baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')
  }

  createCampaign(campaign, options) {
    return this.#post('/create/campaign', { ...campaign, ...(options && { options }) })
  }

  runCampaign(run) {
    return this.#post('/run/campaign', run)
  }

  createVariableGroup(group) {
    return this.#post('/create/variable/group', group)
  }

  retrieveVariableGroups(page) {
    return this.#post('/retrieve/variable/groups', page ?? {})
  }

  createAudience(audience) {
    return this.#post('/create/audience', audience)
  }

  addContactsToAudience(audience) {
    return this.#post('/create/audience', audience)
  }

  retrieveAudiences(page) {
    return this.#get('/retrieve/audiences', page ?? {})
  }

  retrieveAudienceCotacts(audience) {
    return this.#post('/retrieve/audience/contacts', audience)
  }

  retrieveCampaigns(query) {
    return this.#get('/retrieve/campaigns', query ?? {})
  }

  /** Rows, or with `format: 'csv'` all of them as the text of a CSV file. */
  retrieveCampaignDetails(campaign) {
    return this.#post('/retrieve/campaign', campaign)
  }

  #get(path, query) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
    return this.#call('GET', search ? `${path}?${search}` : path)
  }

  #post(path, body) {
    return this.#call('POST', path, body)
  }

  async #call(method, path, body) {
    const response = await fetch(`${this.#baseUrl}/v1${path}`, {
      method,
      headers: {
        Authorization: this.#apiKey,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer = isJson ? JSON.parse(text) : text
    if (response.ok) return answer
    throw new ChatError(response.status, isJson ? answer.error : { message: text || undefined })
  }
}
