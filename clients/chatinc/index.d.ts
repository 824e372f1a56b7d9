export type Button = { text: string } & (
  | { type: 'input'; input: string }
  | { type: 'journey'; journeyId: string }
  | { type: 'phone'; phoneNumber: string }
  | { type: 'url'; url: string }
)
export interface Campaign {
  title: string
  /** `{group.variable}` is a variable of a variable group. */
  message: string
  imgUrl?: string
  buttons?: Button[]
}
export interface CampaignOptions {
  /** MARKETING when absent. */
  whatsAppTemplateType?: 'MARKETING' | 'UTILITY'
  /** Absent or false without `timeToRun`: only the template is made. */
  runImmediately?: boolean
  /** Ids or names; `all` is everybody. */
  audiences?: string[]
  /** enUS when absent. */
  languageCode?: string
  /** Unix timestamp in seconds. */
  timeToRun?: number
}
export interface CampaignAnswer {
  status: 'success'
  campaignId: string
  templateId: string | null
  whatsAppTemplatesStatus: string | null
  run: { status: 'started' | 'scheduled' | 'waiting'; timeToRun: number | null; reason: string | null } | null
}
export interface Page {
  /** Items a page, up to 1000. */
  limit?: number
  /** From 1 on. */
  page?: number
}
export interface VariableGroup {
  id: string
  name?: string
  description?: string
  fields?: string[]
  values?: ({ number: string } & Record<string, string | number | boolean | null>)[]
}
export interface Audience {
  id: string
  name?: string
  description?: string
  contacts?: { number: string }[]
}
export interface CampaignResult {
  status: 'success'
  campaigns: {
    imgUrl: string | null
    variables: string[]
    buttons: {
      text: string
      type: string
      input?: string
      journeyId?: string
      url?: string
      phoneNumber?: string
    }[]
    campaignId: string
    locale: string | null
    message: string
    templateId: string | null
    title: string
    runs: {
      number: number | null
      status: string
      reason: string | null
      startedAt: string | null
      endedAt: string | null
    }[]
    totalSent: number
    totalDelivered: number
    totalRead: number
    totalSkipped: number
    SendErrors: number
    DeliveryErrors: number
    NumbersNotOnWhatsApp: number
    deliveryRate: number
    readRate: number
    whatsAppTemplatesStatus: string | null
  }
}
export interface CampaignRow {
  number: string
  action: string
  name: string | null
  input: string | null
  run: number
  sentAt: string | null
  deliveredAt: string | null
  readAt: string | null
  clickedAt: string | null
  repliedAt: string | null
  failedAt: string | null
  errorCode: string | null
  error: string | null
}

/** What the API refused. */
export declare class ChatError extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly field: string | null
  readonly fields: { field: string; message: string }[]
}

export default class Chat {
  /** @param options where the API is; else the environment's CHATINC_URL, else http://localhost:3000 */
  constructor(apiKey: string, options?: { baseUrl?: string })
  createCampaign(campaign: Campaign, options?: CampaignOptions): Promise<CampaignAnswer>
  runCampaign(run: { campaignId: string; audiences?: string[]; timeToRun?: number }): Promise<CampaignAnswer>
  createVariableGroup(
    group: VariableGroup,
  ): Promise<{ status: 'success'; id: string; name: string; description: string; fields: string[] }>
  retrieveVariableGroups(
    page?: Page,
  ): Promise<{ id: string; name: string; description: string; fields: string[] }[]>
  createAudience(audience: Audience): Promise<{
    status: 'success'
    id: string
    name: string
    description: string
    contacts: number
    created: boolean
    added: number
  }>
  addContactsToAudience(audience: Audience): ReturnType<Chat['createAudience']>
  retrieveAudiences(
    page?: Page,
  ): Promise<{ id: string; name: string; description: string; contacts: number }[]>
  retrieveAudienceCotacts(
    audience: { id: string } & Page,
  ): Promise<{ number: string | null; name: string | null }[]>
  retrieveCampaigns(query?: { active?: boolean } & Page): Promise<CampaignResult[]>
  retrieveCampaignDetails(campaign: { campaignId: string; format: 'csv' }): Promise<string>
  retrieveCampaignDetails(campaign: { campaignId: string; format?: 'json' } & Page): Promise<CampaignRow[]>
}
