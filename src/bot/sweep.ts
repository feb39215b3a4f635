import { giveUpTurn } from '../store/bot-give-up.ts'
import { lateTurns } from '../store/bot-turn.ts'
import type { BotContext } from './answer.ts'

const atOnce = 100

/** Whatever became of who was answering: past its deadline the case is people's. */
export async function sweepLate({ db, log }: Pick<BotContext, 'db' | 'log'>): Promise<void> {
  for (const messageId of await lateTurns(db.pool, atOnce)) {
    if (await giveUpTurn(db, messageId, 'late')) {
      log.warn({ event: 'bot.late', message: messageId }, 'The bot did not answer in time; people have the case.')
    }
  }
}
