import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HelpGround, helpGround } from '../support/help-centre.ts'
import { type HttpServer, httpServer, type Loose, type Person, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let lead: Person
let help: HelpGround

/** The same three articles in each language, so that a wrong one can be found. */
const articles = {
  withdrawal: {
    en: {
      title: 'My withdrawal has not arrived',
      summary: 'What to check when coins are late.',
      body: 'Withdrawals are sent after **20 confirmations**. Look at the transaction hash in your history.',
      phrasings: ['where is my money', 'withdrawal stuck on pending'],
    },
    zh: {
      title: '提现没有到账',
      summary: '提币延迟时如何查询',
      body: '提现在20个确认后到账，请在历史记录中查看交易哈希。',
      phrasings: ['提币多久到账'],
    },
    ja: {
      title: '出金が届かない',
      summary: '出金の確認方法',
      body: '出金は20承認の後に送られます。履歴で取引ハッシュを確認してください。',
      phrasings: ['送金が反映されない'],
    },
    ko: {
      title: '출금이 도착하지 않았어요',
      summary: '출금 확인 방법',
      body: '출금은 20번의 승인 후 전송됩니다. 내역에서 거래 해시를 확인하세요.',
      phrasings: ['출금이 안 와요'],
    },
    ru: {
      title: 'Вывод средств не пришёл',
      summary: 'Что проверить, если монеты задерживаются',
      body: 'Вывод отправляется после 20 подтверждений. Хеш транзакции есть в истории.',
      phrasings: ['где мои деньги'],
    },
  },
  fees: {
    en: { title: 'Trading fees', body: 'Makers pay 0.08 %, takers pay 0.1 %. VIP tiers pay less.' },
    zh: { title: '交易手续费', body: '挂单费率0.08%，吃单费率0.1%，VIP等级更低。' },
    ja: { title: '取引手数料', body: 'メイカーは0.08%、テイカーは0.1%です。' },
    ko: { title: '거래 수수료', body: '메이커 0.08%, 테이커 0.1%입니다.' },
    ru: { title: 'Торговые комиссии', body: 'Мейкеры платят 0,08 %, тейкеры 0,1 %.' },
  },
  security: {
    en: { title: 'Secure your account', body: 'Switch on two-factor authentication and never share your password.' },
    zh: { title: '保护账户安全', body: '开启两步验证，不要泄露密码。' },
    ja: { title: 'アカウントを守る', body: '二段階認証を有効にし、パスワードを共有しないでください。' },
    ko: { title: '계정 보호하기', body: '2단계 인증을 켜고 비밀번호를 공유하지 마세요.' },
    ru: { title: 'Защитите аккаунт', body: 'Включите двухфакторную аутентификацию и никому не сообщайте пароль.' },
  },
} as const

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  lead = await signedIn(server, { role: 'admin' })
  help = await helpGround(server, lead)
  for (const [slug, texts] of Object.entries(articles)) await help.article(slug, texts)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

async function found(locale: string, q: string): Promise<string[]> {
  const { text } = await help.page(`/help/${locale}/search.json?q=${encodeURIComponent(q)}`)
  return JSON.parse(text).items.map((item: Loose) => item.url.split('/').at(-1))
}

describe('search', () => {
  it.each([
    ['en', 'withdrawal', 'withdrawal'],
    ['en', 'WITHDRAWALS', 'withdrawal'],
    ['en', 'withdr', 'withdrawal'],
    ['en', 'wi', 'withdrawal'],
    ['en', 'fee', 'fees'],
    ['en', 'where is my money', 'withdrawal'],
    ['en', 'transaction hash', 'withdrawal'],
    ['en', 'ｆｅｅｓ', 'fees'],
    ['en', 'two-factor', 'security'],
    ['zh', '提现', 'withdrawal'],
    ['zh', '到账', 'withdrawal'],
    ['zh', '提', 'withdrawal'],
    ['zh', '费率', 'fees'],
    ['zh', '密码', 'security'],
    ['zh', '码', 'security'],
    ['zh', '手续费是多少', 'fees'],
    ['zh', '提币什么时候到账', 'withdrawal'],
    ['zh', 'VIP等级', 'fees'],
    ['ja', '出金', 'withdrawal'],
    ['ja', '手数料', 'fees'],
    ['ja', 'パスワード', 'security'],
    ['ja', 'ﾊﾟｽﾜｰﾄﾞ', 'security'],
    ['ko', '출금', 'withdrawal'],
    ['ko', '수수료', 'fees'],
    ['ko', '비밀번호', 'security'],
    ['ru', 'вывод', 'withdrawal'],
    ['ru', 'вывода', 'withdrawal'],
    ['ru', 'комиссия', 'fees'],
    ['ru', 'Пароль', 'security'],
  ])('in %s finds what "%s" is about', async (locale, q, slug) => {
    expect((await found(locale, q))[0]).toBe(slug)
  })

  it.each([
    ['withdrwal', 'withdrawal'],
    ['witdrawal late', 'withdrawal'],
    ['pasword', 'security'],
    ['authentification', 'security'],
    ['trnsaction', 'withdrawal'],
  ])('forgives "%s"', async (q, slug) => {
    expect((await found('en', q))[0]).toBe(slug)
  })

  it('of one term takes texts that have it, not those that have its characters apart', async () => {
    await help.article('apart', { zh: { title: '提现到账', body: '提现 现没 没有 有到 到账' } })
    expect(await found('zh', '没有到账')).toEqual(['withdrawal'])
  })

  it('finds nothing for nothing, and for what only looks like a query', async () => {
    for (const q of ['', '   ', '!!!', "'", '\\', ':*', '%', "' | '", '&', '\u0000', '🙂', 'zzzzzzzz', '龘龘'])
      expect([q, await found('en', q)]).toEqual([q, []])
    for (const q of ["fee's", 'fees & !', "fees' | 'withdrawal", 'a'.repeat(5_000), '提'.repeat(1_000)])
      expect([q.slice(0, 20), Array.isArray(await found('en', q))]).toEqual([q.slice(0, 20), true])
  })

  it('speaks the language asked for, and finds what stands in for it', async () => {
    await help.article('english-only', { en: { title: 'Quarterly futures', body: 'x' } })
    expect(await found('zh', 'futures')).toEqual(['english-only'])
    expect(await found('en', '手续费')).toEqual([])
    const { body } = await lead.call('GET /articles/search?locale=zh&q=VIP')
    expect(body.items[0]).toMatchObject({
      title: '交易手续费',
      locale: 'zh',
      category: '入门',
      url: 'http://inbox.example/help/zh/fees',
    })
  })

  it('follows what is published, phrasings and words to be found by at once', async () => {
    const id = await help.article('changing', { en: { title: 'Changing', body: 'aubergine' } })
    expect(await found('en', 'aubergine')).toEqual(['changing'])
    await help.save(id, 'en', {
      title: 'Changing',
      body: 'courgette',
      phrasings: ['where is my marrow'],
      keywords: ['swede'],
    })
    expect(await found('en', 'courgette')).toEqual([])
    expect([await found('en', 'marrow'), await found('en', 'swede')]).toEqual([['changing'], ['changing']])
    await help.publish(id, 'en')
    expect([await found('en', 'courgette'), await found('en', 'aubergine')]).toEqual([['changing'], []])
  })
})
