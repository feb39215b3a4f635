import { expect, test } from 'vitest'
import { findEvidence, indexPhrasings, nearVerbatim } from '../../../src/bot/phrasing-evidence.ts'

const stored = [
  ['입금 안 들어왔어요', 'deposit'],
  ['비밀번호를 잊어버렸어요', 'password'],
  ['출금 한도 늘리고 싶어요', 'limit'],
  ['주소를 잘못 적었어요', 'address'],
  ['출금 최대 금액', 'most'],
  ['депозит не пришёл', 'deposit'],
  ['забыл пароль', 'password'],
  ['ключ не работает', 'key'],
  ['сколько стоит вывод', 'fee'],
  ['перепутал сеть', 'network'],
].map(([text = '', category = '']) => ({ text, category }))
const index = await indexPhrasings(stored)
const nearest = (text: string) => {
  const [best] = findEvidence(index, text)
  return best && { category: best.phrasing.category, near: nearVerbatim(best) >= 0.78 }
}

test.each([
  ['안녕하세요, 입금이 안 들어왔습니다 ㅠㅠ', 'deposit'],
  ['입금 안들어왔는데요 확인 부탁드립니다', 'deposit'],
  ['비밀번호 잊어버렸는데 어떻게 해야 하나요', 'password'],
  ['비밀버호를 잊어버렸습니다', 'password'],
  ['출금 한도를 늘리고 싶습니다', 'limit'],
  ['주소 잘못 적었네요 어떻게 하면 되죠', 'address'],
  ['Добрый день! депозиты не пришли, в чём дело?', 'deposit'],
  ['забыла свой пароль, что мне делать', 'password'],
  ['почему ключи не работают', 'key'],
  ['сколько стоят выводы, буду признателен', 'fee'],
  ['перепутала сети', 'network'],
])('«%s» is a phrasing with other endings and politeness around it', (text, category) => {
  expect(nearest(text)).toEqual({ category, near: true })
})

test.each([
  '안내 데스크가 어디에 있나요',
  '주소록 앱 추천해 주세요',
  'сколько стоит вход в музей',
  'сетевая игра не запускается',
])('«%s» is none of them for sharing a beginning', (text) => expect(nearest(text)?.near ?? false).toBe(false))
