import type { Phrasing } from '../../src/bot/classifier.ts'
import { seededRandom } from '../../src/bot/seeded-random.ts'

const asked: Readonly<Record<string, readonly string[]>> = {
  'withdrawal-delayed': [
    'my withdrawal is still pending',
    'how long does a withdrawal take',
    'withdrawal not arrived yet',
    '提现一直没到账',
    '提币多久能到',
    '为什么提现还在处理中',
    '出金がまだ届かない',
    '出金はどのくらいかかりますか',
    '출금이 아직 안 들어왔어요',
    '출금은 얼마나 걸리나요',
    'вывод до сих пор не пришёл',
    'сколько идёт вывод средств',
  ],
  'deposit-missing': [
    'my deposit was not credited',
    'i sent usdt but it does not show up',
    'deposit missing in my balance',
    '充值没有到账',
    '转了usdt但是余额没有显示',
    '入金が反映されない',
    '送金したのに残高が増えない',
    '입금이 반영되지 않았어요',
    '코인을 보냈는데 잔액에 없어요',
    'депозит не зачислен',
    'отправил usdt а на балансе их нет',
  ],
  'lost-second-factor': [
    'i lost my phone with the authenticator app',
    'cannot get the 2fa code any more',
    'new phone, authenticator codes are gone',
    '手机丢了验证器没了',
    '换手机后无法获取2fa验证码',
    '認証アプリの入った携帯をなくした',
    '機種変更で二段階認証のコードが出ない',
    '인증 앱이 있는 휴대폰을 잃어버렸어요',
    '폰을 바꿔서 2fa 코드를 못 받아요',
    'потерял телефон с аутентификатором',
    'сменил телефон, коды 2fa пропали',
  ],
  fees: [
    'what are the trading fees',
    'how much do you charge for a trade',
    'maker and taker fee',
    '交易手续费是多少',
    '手续费怎么算',
    '取引手数料はいくらですか',
    '手数料の計算方法',
    '거래 수수료가 얼마예요',
    '수수료는 어떻게 계산하나요',
    'какие комиссии за торговлю',
    'сколько стоит сделка',
  ],
  'identity-rejected': [
    'my identity check was rejected',
    'kyc failed why',
    'passport photo not accepted',
    '身份认证被拒绝了',
    'kyc不通过怎么办',
    '本人確認が否認された',
    'パスポートの写真が通らない',
    '신분증 인증이 거절됐어요',
    '여권 사진이 통과가 안 돼요',
    'проверку личности отклонили',
    'не принимает фото паспорта',
  ],
}

export const exchangePhrasings: readonly Phrasing[] = Object.entries(asked).flatMap(([category, texts]) =>
  texts.map((text) => ({ text, category })),
)

const fillers =
  'how do i can you please tell me why is the my a to for with what when where need want help about'.split(' ')

/** Words that say nothing. */
export const fillIn = fillers.join(' ')

interface MadeUp {
  readonly categories: number
  readonly each: number
  readonly seed: number
  /** The number of the first category; others have words of their own. */
  readonly from?: number
}

/** Questions of made-up words: each has one or two of its category's eight, some that mean nothing, often a stray one. */
export function madeUpPhrasings({ categories, each, seed, from = 0 }: MadeUp): Phrasing[] {
  const random = seededRandom(seed)
  const one = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!
  const stray = () => (random() < 0.6 ? [word(from + Math.floor(random() * categories), Math.floor(random() * 3))] : [])
  return Array.from({ length: categories * each }, (_, index) => {
    const category = from + (index % categories)
    const own = Array.from({ length: 1 + Math.floor(random() * 2) }, () => word(category, Math.floor(random() * 8)))
    const around = Array.from({ length: 4 }, () => one(fillers))
    return { text: [...around, ...own, ...stray()].sort(() => random() - 0.5).join(' '), category: String(category) }
  })
}

function word(category: number, index: number): string {
  const random = seededRandom(category * 100 + index)
  const letter = (letters: string) => letters[Math.floor(random() * letters.length)]!
  return Array.from({ length: 3 }, () => letter('bdfgklmnprstvz') + letter('aeiou')).join('')
}
