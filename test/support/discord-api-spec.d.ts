declare module 'discord-api-spec/zod' {
  import type { z } from 'zod'

  export const MessageCreateRequestSchema: z.ZodType
  export const MessageEditRequestPartialSchema: z.ZodType
  export const MessageResponseSchema: z.ZodType
  export const ModalInteractionCallbackRequestSchema: z.ZodType
}
