import { automaticLanguage } from './automatic-words.ts'

/** Minutes, from and to. */
export interface ExpectedWait {
  readonly low: number
  readonly high: number
}

/** What customers hear of their case by themselves. `sees` is what they know the team as: "a specialist". CommonMark. */
export interface NoticeWords {
  readonly acknowledged: (number: string) => string
  readonly number: (number: string) => string
  readonly page: (url: string) => string
  readonly place: (place: number) => string
  readonly wait: (time: string) => string
  readonly minutes: (low: number, high: number) => string
  readonly hours: (low: number, high: number) => string
  readonly turn: (name: string, sees: string, number: string) => string
  readonly escalated: (sees: string, number: string) => string
  readonly resolved: (number: string) => string
}

const en: NoticeWords = {
  acknowledged: (number) =>
    `We have your message. Your request has the number ${number}. A person will answer you here.`,
  number: (number) => `Your request has the number ${number}.`,
  page: (url) => `See how it goes on: ${url}`,
  place: (place) => (place === 1 ? 'You are next.' : `Your place in the queue: ${place}.`),
  wait: (time) => `Expected wait: ${time}.`,
  minutes: (low, high) => (low === high ? `about ${one(high, 'minute')}` : `about ${low} to ${high} minutes`),
  hours: (low, high) => (low === high ? `about ${one(high, 'hour')}` : `about ${low} to ${high} hours`),
  turn: (name, sees, number) => `It is your turn: ${name} (${sees}) is with you now. Your request: ${number}.`,
  escalated: (sees, number) =>
    `Your request ${number} goes on to ${sees}. They can read everything you wrote, so you need not repeat it.`,
  resolved: (number) => `Your request ${number} is closed. If something is still open, just write here.`,
}

const one = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`

const zh: NoticeWords = {
  acknowledged: (number) => `我们已收到您的消息，您的请求编号是 ${number}。会有专人在这里回复您。`,
  number: (number) => `您的请求编号是 ${number}。`,
  page: (url) => `查看进度：${url}`,
  place: (place) => (place === 1 ? '下一位就是您。' : `您目前排在第 ${place} 位。`),
  wait: (time) => `预计等待${time}。`,
  minutes: (low, high) => (low === high ? `约 ${high} 分钟` : `约 ${low} 到 ${high} 分钟`),
  hours: (low, high) => (low === high ? `约 ${high} 小时` : `约 ${low} 到 ${high} 小时`),
  turn: (name, sees, number) => `轮到您了：${name}（${sees}）现在为您服务。您的请求：${number}。`,
  escalated: (sees, number) => `您的请求 ${number} 已转给${sees}。对方可以看到您之前写的全部内容，无需重复说明。`,
  resolved: (number) => `您的请求 ${number} 已结束。如果还有问题，请直接在这里留言。`,
}

const ja: NoticeWords = {
  acknowledged: (number) =>
    `メッセージを受け取りました。お問い合わせ番号は ${number} です。担当者がこちらでお返事いたします。`,
  number: (number) => `お問い合わせ番号は ${number} です。`,
  page: (url) => `進み具合はこちらでご覧いただけます：${url}`,
  place: (place) => (place === 1 ? '次がお客様の番です。' : `現在の順番は ${place} 番目です。`),
  wait: (time) => `待ち時間の目安は${time}です。`,
  minutes: (low, high) => (low === high ? `約 ${high} 分` : `約 ${low}～${high} 分`),
  hours: (low, high) => (low === high ? `約 ${high} 時間` : `約 ${low}～${high} 時間`),
  turn: (name, sees, number) => `お待たせいたしました。${name}（${sees}）が担当いたします。お問い合わせ番号：${number}`,
  escalated: (sees, number) =>
    `お問い合わせ ${number} は${sees}に引き継がれました。これまでの内容はすべて伝わっていますので、繰り返していただく必要はありません。`,
  resolved: (number) => `お問い合わせ ${number} は終了いたしました。まだご用件がありましたら、こちらにお書きください。`,
}

const ko: NoticeWords = {
  acknowledged: (number) => `메시지를 받았습니다. 문의 번호는 ${number}입니다. 담당자가 여기에서 답변드립니다.`,
  number: (number) => `문의 번호는 ${number}입니다.`,
  page: (url) => `진행 상황 보기: ${url}`,
  place: (place) => (place === 1 ? '다음 차례입니다.' : `현재 대기 순서는 ${place}번째입니다.`),
  wait: (time) => `예상 대기 시간은 ${time}입니다.`,
  minutes: (low, high) => (low === high ? `약 ${high}분` : `약 ${low}~${high}분`),
  hours: (low, high) => (low === high ? `약 ${high}시간` : `약 ${low}~${high}시간`),
  turn: (name, sees, number) => `차례가 되었습니다. ${name}(${sees}) 담당자가 도와드립니다. 문의 번호: ${number}`,
  escalated: (sees, number) =>
    `문의 ${number}은(는) ${sees}에게 전달되었습니다. 지금까지 쓰신 내용을 모두 볼 수 있으니 다시 설명하지 않으셔도 됩니다.`,
  resolved: (number) => `문의 ${number}이(가) 종료되었습니다. 아직 해결되지 않은 점이 있으면 여기에 적어 주세요.`,
}

const ru: NoticeWords = {
  acknowledged: (number) => `Мы получили ваше сообщение. Номер обращения: ${number}. Вам ответит сотрудник, здесь же.`,
  number: (number) => `Номер вашего обращения: ${number}.`,
  page: (url) => `Как продвигается обращение: ${url}`,
  place: (place) => (place === 1 ? 'Вы следующий в очереди.' : `Ваше место в очереди: ${place}.`),
  wait: (time) => `Ожидание: ${time}.`,
  minutes: (low, high) => (low === high ? `примерно ${high} мин` : `примерно от ${low} до ${high} мин`),
  hours: (low, high) => (low === high ? `примерно ${high} ч` : `примерно от ${low} до ${high} ч`),
  turn: (name, sees, number) => `Подошла ваша очередь: с вами ${name} (${sees}). Номер обращения: ${number}.`,
  escalated: (sees, number) =>
    `Обращение ${number} передано дальше (${sees}). Всё, что вы написали, там видно: повторять не нужно.`,
  resolved: (number) => `Обращение ${number} закрыто. Если что-то осталось нерешённым, просто напишите здесь.`,
}

const all: Readonly<Record<string, NoticeWords>> = { en, zh, ja, ko, ru }

export function noticeWords(...wished: readonly (string | null)[]): NoticeWords {
  return all[automaticLanguage(...wished)] ?? en
}

/** In hours where minutes would say more than anybody knows. */
export function waitText(words: NoticeWords, { low, high }: ExpectedWait): string {
  return high < 90 ? words.minutes(low, high) : words.hours(Math.max(1, Math.floor(low / 60)), Math.ceil(high / 60))
}

/** The line about the queue; null: nothing is known. */
export function placeText(words: NoticeWords, place: number | null, wait: ExpectedWait | null): string | null {
  if (place === null) return null
  const said = words.place(place)
  if (wait === null) return said
  // No space stands behind a full-width stop.
  return `${said}${said.endsWith('。') ? '' : ' '}${words.wait(waitText(words, wait))}`
}
