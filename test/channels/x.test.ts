import { channelContract } from '../support/channel-contract.ts'
import { openX } from '../support/stand-ins/x/subject.ts'

const polled = { receives: true, webhook: false, visitors: false }

channelContract('x (direct messages)', polled, () => openX('dm'))
channelContract('x (public)', polled, () => openX('post'))
channelContract('x (webhook)', { ...polled, webhook: true }, () => openX('dm', 'webhook'))
