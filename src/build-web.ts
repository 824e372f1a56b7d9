import { bringWebApp } from './start/web-app.ts'

/** `npm run build-web`: what `npm start` does on its own, for an API that is run alone and for the image. */
await bringWebApp()
