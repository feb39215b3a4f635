import { setImmediate as others } from 'node:timers/promises'

/** ms after which somebody else has a turn. */
const slice = 8

/** Long work on this thread, in which customers and agents are heard meanwhile. */
export async function inSlices<Item>(items: readonly Item[], work: (item: Item, index: number) => void): Promise<void> {
  let began = performance.now()
  for (const [index, item] of items.entries()) {
    work(item, index)
    if (performance.now() - began < slice) continue
    await others()
    began = performance.now()
  }
}
