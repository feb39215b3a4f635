declare module 'discord-api-spec/zod' {
  import type { z } from 'zod'

  export const ApplicationCommandCreateRequestSchema: z.ZodType
  export const ApplicationCommandResponseSchema: z.ZodType
  export const CreateMessageInteractionCallbackRequestSchema: z.ZodType
  export const CreateTextThreadWithMessageRequestSchema: z.ZodType
  export const CreateTextThreadWithoutMessageRequestSchema: z.ZodType
  export const CreatedThreadResponseSchema: z.ZodType
  export const ErrorResponseSchema: z.ZodType
  export const GatewayBotResponseSchema: z.ZodType
  export const GuildChannelResponseSchema: z.ZodType
  export const GuildMemberResponseSchema: z.ZodType
  export const GuildRoleResponseSchema: z.ZodType
  export const IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema: z.ZodType
  export const MessageCreateRequestSchema: z.ZodType
  export const MessageEditRequestPartialSchema: z.ZodType
  export const MessageResponseSchema: z.ZodType
  export const ModalInteractionCallbackRequestSchema: z.ZodType
  export const PrivateApplicationResponseSchema: z.ZodType
  export const PrivateChannelResponseSchema: z.ZodType
  export const ThreadResponseSchema: z.ZodType
  export const ThreadsResponseSchema: z.ZodType
  export const UpdateMessageInteractionCallbackRequestSchema: z.ZodType
  export const UserPIIResponseSchema: z.ZodType
  export const UserResponseSchema: z.ZodType
}
