import { channelContract } from '../support/channel-contract.ts'
import { openDiscord } from '../support/stand-ins/discord/subject.ts'

channelContract('discord', { receives: true, webhook: false, visitors: false }, openDiscord)
