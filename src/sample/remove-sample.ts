import { type Database, transaction } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import { forgetContactInboxes } from '../store/help-setting.ts'
import { enqueueJobs } from '../store/job.ts'
import { changeRuleSet, noteRuleKinds } from '../store/rule.ts'
import { lockSample, sampleRecord } from '../store/sample.ts'
import { deleteGround, deleteInboxes, entangled } from '../store/sample-removal.ts'
import { recalculateAll } from '../store/sla-policy.ts'

/** A conversation holds words of the sample and of somebody's own customers: removing it would lose theirs. */
export class Entangled extends Error {
  constructor(numbers: readonly string[]) {
    const named = numbers.map((number) => `#${number}`).join(', ')
    super(
      `Sample conversations were joined with your own: ${named}. Part them first, so that nothing of yours is lost.`,
    )
    this.name = 'Entangled'
  }
}

/** All that the sample made, also where people changed it. false: there is none. Throws Entangled. */
export function removeSample(db: Database): Promise<boolean> {
  return transaction(db, async (tx) => {
    await lockSample(tx)
    const record = await sampleRecord(tx)
    if (!record) return false
    const mixed = await entangled(tx, record.inboxes)
    if (mixed.length > 0) throw new Entangled(mixed)
    await forgetContactInboxes(tx, record.inboxes)
    await deleteInboxes(tx, record.inboxes)
    await changeRuleSet(tx)
    await deleteGround(tx, record)
    await noteRuleKinds(tx)
    await enqueueJobs(tx, [recalculateAll])
    for (const id of record.inboxes) await notify(tx, ['inbox'], id)
    await notify(tx, ['queue', 'feed', 'job'])
    return true
  })
}
