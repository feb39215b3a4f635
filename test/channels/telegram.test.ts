import { channelContract } from '../support/channel-contract.ts'
import { openTelegram } from '../support/stand-ins/telegram/subject.ts'

channelContract('telegram (polled)', { receives: true, webhook: false, visitors: false }, () => openTelegram())
channelContract('telegram (webhook)', { receives: false, webhook: true, visitors: false }, () =>
  openTelegram({ receive: 'webhook' }),
)
