import { automaticLanguage } from './automatic-words.ts'
import type { CustomerState } from './customer-state.ts'

/** The page on which customers see how their case goes on. */
export interface ProgressWords {
  readonly title: (number: string) => string
  readonly states: Readonly<Record<CustomerState, string>>
  readonly since: string
  readonly with: (who: string, sees: string) => string
  readonly withTeam: (sees: string) => string
  readonly by: (time: string) => string
  readonly messages: string
  readonly you: string
  readonly us: string
  readonly answerWhere: string
  readonly edited: string
  readonly deleted: string
  readonly earlier: string
  readonly gone: string
  readonly goneMeans: string
}

const en: ProgressWords = {
  title: (number) => `Request ${number}`,
  states: {
    open: 'Waiting for our answer',
    waiting: 'Answered, we wait for you',
    onHold: 'We are looking into it',
    snoozed: 'We will come back to you',
    resolved: 'Closed',
  },
  since: 'Asked on',
  with: (who, sees) => `${who} (${sees}) has it`,
  withTeam: (sees) => `With: ${sees}`,
  by: (time) => `We mean to answer by ${time}`,
  messages: 'Messages',
  you: 'You',
  us: 'Support',
  answerWhere:
    'To answer, write where you wrote to us before. This page is for reading only; keep its address to yourself.',
  edited: 'changed',
  deleted: 'This message was deleted.',
  earlier: 'Earlier messages are not shown here.',
  gone: 'This page is not there',
  goneMeans:
    'The address may be wrong, or it was only good for a time. Write to us where you wrote before, and we will tell you how far it is.',
}
const zh: ProgressWords = {
  title: (number) => `请求 ${number}`,
  states: {
    open: '等待我们回复',
    waiting: '已回复，等待您的消息',
    onHold: '我们正在处理',
    snoozed: '我们会再联系您',
    resolved: '已结束',
  },
  since: '提交时间',
  with: (who, sees) => `由${who}（${sees}）负责`,
  withTeam: (sees) => `负责方：${sees}`,
  by: (time) => `我们预计在 ${time} 之前回复`,
  messages: '消息',
  you: '您',
  us: '客服',
  answerWhere: '如需回复，请在您之前联系我们的地方留言。此页面只供查看，请勿将网址告诉他人。',
  edited: '已修改',
  deleted: '此消息已删除。',
  earlier: '更早的消息不在此显示。',
  gone: '没有这个页面',
  goneMeans: '网址可能有误，或已过有效期。请在您之前联系我们的地方留言，我们会告诉您进度。',
}
const ja: ProgressWords = {
  title: (number) => `お問い合わせ ${number}`,
  states: {
    open: 'お返事をお待ちいただいています',
    waiting: 'お返事済みです。ご連絡をお待ちしています',
    onHold: '確認しております',
    snoozed: 'こちらから改めてご連絡いたします',
    resolved: '終了しました',
  },
  since: '受付日時',
  with: (who, sees) => `担当：${who}（${sees}）`,
  withTeam: (sees) => `担当：${sees}`,
  by: (time) => `${time} までにお返事する予定です`,
  messages: 'メッセージ',
  you: 'お客様',
  us: 'サポート',
  answerWhere:
    'ご返信は、これまでお書きいただいた場所でお願いいたします。このページは閲覧専用です。アドレスは他の方に知らせないでください。',
  edited: '変更済み',
  deleted: 'このメッセージは削除されました。',
  earlier: 'これより前のメッセージはここには表示されません。',
  gone: 'このページはありません',
  goneMeans: 'アドレスが正しくないか、有効期限が過ぎています。これまでお書きいただいた場所でお尋ねください。',
}
const ko: ProgressWords = {
  title: (number) => `문의 ${number}`,
  states: {
    open: '답변을 기다리는 중',
    waiting: '답변 완료, 회신을 기다리고 있습니다',
    onHold: '확인하고 있습니다',
    snoozed: '다시 연락드리겠습니다',
    resolved: '종료됨',
  },
  since: '접수 시각',
  with: (who, sees) => `담당: ${who}(${sees})`,
  withTeam: (sees) => `담당: ${sees}`,
  by: (time) => `${time}까지 답변드릴 예정입니다`,
  messages: '메시지',
  you: '고객님',
  us: '고객 지원',
  answerWhere: '답장은 처음 문의하신 곳에 적어 주세요. 이 페이지는 보기 전용이며, 주소를 다른 사람에게 알리지 마세요.',
  edited: '수정됨',
  deleted: '삭제된 메시지입니다.',
  earlier: '이전 메시지는 여기에 표시되지 않습니다.',
  gone: '페이지가 없습니다',
  goneMeans: '주소가 잘못되었거나 유효 기간이 지났습니다. 처음 문의하신 곳에 적어 주시면 진행 상황을 알려 드립니다.',
}
const ru: ProgressWords = {
  title: (number) => `Обращение ${number}`,
  states: {
    open: 'Ждёт нашего ответа',
    waiting: 'Мы ответили и ждём вас',
    onHold: 'Мы разбираемся',
    snoozed: 'Мы вернёмся к вам',
    resolved: 'Закрыто',
  },
  since: 'Принято',
  with: (who, sees) => `Занимается: ${who} (${sees})`,
  withTeam: (sees) => `Занимается: ${sees}`,
  by: (time) => `Ответим до ${time}`,
  messages: 'Сообщения',
  you: 'Вы',
  us: 'Поддержка',
  answerWhere:
    'Чтобы ответить, напишите туда, куда писали раньше. Здесь можно только читать; никому не сообщайте адрес этой страницы.',
  edited: 'изменено',
  deleted: 'Это сообщение удалено.',
  earlier: 'Более ранние сообщения здесь не показаны.',
  gone: 'Такой страницы нет',
  goneMeans:
    'Адрес неверен или срок его действия истёк. Напишите туда, куда писали раньше, и мы расскажем, как обстоят дела.',
}

const all: Readonly<Record<string, ProgressWords>> = { en, zh, ja, ko, ru }

export const progressWords = (language: string): ProgressWords => all[language] ?? en

/** What the reader's browser asks for first of what we speak, else the language of the case. */
export function progressLanguage(accepted: string | undefined, ofCase: string | null): string {
  const wished = (accepted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...more] = part.trim().split(';')
      const q = more.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined)
      return { tag: tag.slice(0, 2).toLowerCase(), q: q === undefined ? 1 : Number(q) }
    })
    .filter(({ tag, q }) => tag in all && q > 0)
    .sort((a, b) => b.q - a.q)
  return wished[0]?.tag ?? automaticLanguage(ofCase)
}
