/** Every workflow type the worker knows, by the name it is started under. */
export { chat } from './chat.ts'
export { journey } from './journey.ts'
