/** Every workflow type the worker knows, by the name it is started under. */
export { bulk } from './bulk.ts'
export { campaign } from './campaign.ts'
export { campaignOccurrence } from './campaign-occurrence.ts'
export { chat } from './chat.ts'
export { importContacts as import } from './import.ts'
export { journey } from './journey.ts'
export { rehearsal } from './rehearsal.ts'
export { send } from './send.ts'
