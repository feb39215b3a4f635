import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBusinessHours } from '../../src/store/business-hours.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createTeam } from '../support/factories.ts'
import { call, identitySecret, newVisitor, type VisitorApp, visitorApp } from '../support/visitor-app.ts'

let database: TestDatabase
let app: VisitorApp
beforeAll(async () => {
  database = await testDatabase()
  app = await visitorApp(database)
  await createBusinessHours(database.db.pool, { name: 'Never', timeZone: 'UTC', week: [], holidays: [] })
  const week = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' }))
  const today = new Date().toISOString().slice(0, 10)
  const holidays = [{ from: today, to: today, name: 'Today' }]
  await createBusinessHours(database.db.pool, { name: 'From tomorrow', timeZone: 'UTC', week, holidays })
})
afterAll(async () => {
  await app?.close()
  await database?.close()
})

async function ask(liveChat: Record<string, unknown> | undefined, page = '/', headers: Record<string, string> = {}) {
  const id = await app.inbox({ identitySecret, ...(liveChat && { liveChat }) })
  const url = `${app.url}/widget/v1/${id}/availability?page=${encodeURIComponent(page)}`
  return { id, ask: async (more = headers) => (await call<Record<string, unknown>>(url, 'GET', undefined, more)).body }
}
const answerOf = async (...wish: Parameters<typeof ask>) => (await ask(...wish)).ask()

test('a page is told whether somebody is there, when people are back, and where to read meanwhile', async () => {
  expect(await answerOf(undefined)).toEqual({ open: true, why: null, opensAt: null, help: `${app.url}/help` })
  expect(await answerOf({ hours: 'Never' })).toMatchObject({ open: false, why: 'hours', opensAt: null })
  const { opensAt } = await answerOf({ hours: 'From tomorrow' })
  expect(String(opensAt)).toMatch(/T00:00:00\.000Z$/)
  expect(await answerOf({ hours: 'Of another name' })).toMatchObject({ open: true })
  expect(await answerOf({ pages: ['/support'] }, '/trade')).toMatchObject({ open: false, why: 'elsewhere' })
})

test('a country is believed of the header the operator named, of no other', async () => {
  const named = await ask({ regions: ['JP'], regionHeader: 'CF-IPCountry' })
  expect(await named.ask({ 'cf-ipcountry': 'jp' })).toMatchObject({ open: true })
  expect(await named.ask({ 'cf-ipcountry': 'JP, US' })).toMatchObject({ open: false })
  expect(await named.ask({ 'x-country': 'JP' })).toMatchObject({ open: false })
  const unnamed = await ask({ regions: ['JP'] })
  expect(await unnamed.ask({ 'cf-ipcountry': 'JP' })).toMatchObject({ open: false })
})

test('tier and country are believed of a signed identity', async () => {
  const { id, ask: again } = await ask({ tiers: ['gold'], regions: ['KR'] })
  const now = Math.floor(Date.now() / 1000)
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT({ aud: id, iat: now, exp: now + 3600, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(identitySecret))
  const openFor = async (claims: Record<string, unknown>) => {
    const { token } = await newVisitor(app, id, { identity: await sign(claims) })
    return (await again({ authorization: `Bearer ${token}` }))['open']
  }
  expect(await openFor({ sub: 'u-1', tier: 'gold', country: 'KR' })).toBe(true)
  expect(await openFor({ sub: 'u-2', tier: 'silver', country: 'KR' })).toBe(false)
  expect(await openFor({ sub: 'u-3', tier: 'gold', country: 'US' })).toBe(false)
  expect((await again({ authorization: 'Bearer nonsense' }))['open']).toBe(false)
})

test('where more wait than may, it is busy', async () => {
  const { id, ask: again } = await ask({ mostWaiting: 1 })
  const teamId = await createTeam(database.db.pool)
  await database.db.pool.query('update inbox set team_id = $2 where id = $1', [id, teamId])
  await (await newVisitor(app, id)).send('First')
  await expect.poll(async () => (await again())['open']).toBe(true)
  await (await newVisitor(app, id)).send('Second')
  await expect.poll(async () => (await again())['why'], { timeout: 10_000 }).toBe('busy')
})
