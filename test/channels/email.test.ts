import { channelContract } from '../support/channel-contract.ts'
import { openEmail } from '../support/email-subject.ts'

channelContract('email', { receives: true, webhook: false, visitors: false }, openEmail)
