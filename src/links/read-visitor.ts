/**
 * Programs that fetch a link to show what is behind it, or to look for harm, before any person opens it: those of messengers,
 * social networks, search engines and mail filters. They say so.
 */
const fetchers =
  /(?<!cu)bot\b|crawler|spider|preview|whatsapp\/|facebookexternalhit|facebookcatalog|meta-externalagent|telegrambot|twitterbot|slackbot|slack-imgproxy|linkedinbot|discordbot|skypeuripreview|viber|pinterest|embedly|vkshare|google-safety|googleimageproxy|mediapartners|proofpoint|mimecast|barracuda|safelinks|headlesschrome|curl\/|wget\/|python-|go-http-client|okhttp\/|java\//i

export interface Visitor {
  method: string
  userAgent: string
  /** `Sec-Purpose`, `Purpose`, `X-Purpose` or `X-Moz`: browsers that load a page before it is asked for. */
  purpose: string
}

/** Whether this fetches the link for a preview or a check: people send GET, with a browser's name. */
export function isPreview({ method, userAgent, purpose }: Visitor): boolean {
  return (
    method !== 'GET' ||
    userAgent.trim() === '' ||
    fetchers.test(userAgent) ||
    /prefetch|preview|prerender/i.test(purpose)
  )
}
