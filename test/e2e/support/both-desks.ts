import { expect } from 'vitest'
import type { InboxPage } from './inbox-page.ts'

export type Desks = readonly InboxPage[]

/** On every page at once, whatever else its conversation holds. */
export async function allSee(desks: Desks, words: string): Promise<void> {
  await Promise.all(desks.map(({ log }) => log.getByText(words).first().waitFor()))
}

/** Every page has painted a picture, not only its frame. */
export async function allSeePicture(desks: Desks): Promise<void> {
  await Promise.all(
    desks.map(async ({ page, log }) => {
      const image = log.getByRole('img').or(log.locator('img')).last()
      await image.waitFor()
      // Runs in the page; this side has no document.
      await page.waitForFunction(`[...document.querySelectorAll('[role=log] img')].some((one) => one.naturalWidth > 1)`)
    }),
  )
}

/**
 * From what happens at the platform to the words painted in both open conversations. A machine that is busy with something else
 * says nothing about ours: the best of five counts, and the first that was in time ends it.
 */
export async function withinASecond(desks: Desks, happens: (words: string) => unknown): Promise<void> {
  const took: number[] = []
  for (const words of ['Hello?', 'Is anybody there?', 'It is urgent', 'I am waiting', 'Still there?']) {
    const started = performance.now()
    await happens(words)
    await allSee(desks, words)
    took.push(Math.round(performance.now() - started))
    if (took.at(-1)! < 1_000) break
  }
  console.log(JSON.stringify({ paintedOnBothAfterMs: took }))
  expect(Math.min(...took)).toBeLessThan(1_000)
}

export async function attach({ page }: InboxPage, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
  await page.getByRole('list', { name: 'Files' }).getByText(name).waitFor()
}

/** By the menu of the message, as an agent does it. */
export async function mend({ page, log }: InboxPage, words: string, text: string): Promise<void> {
  const bubble = log.getByRole('article').filter({ hasText: words }).last()
  await bubble.hover()
  await bubble.getByRole('button', { name: 'More for this message' }).click()
  await page.getByRole('menuitem', { name: /^Edit$/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit' })
  await dialog.getByRole('textbox').fill(text)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Both agents with the same conversation before them; nothing went wrong on their pages when it closes. */
export async function closeDesks(desks: Desks): Promise<void> {
  for (const desk of desks) {
    expect(desk.problems).toEqual([])
    await desk.close()
  }
}
