import { z } from 'zod'

/** What a conversation is labelled with. */
export const labelSchema = z.string().trim().min(1).max(100)
