import type { Command } from './inbound.ts'

/** What each command does, as the platform's own menu and our help say it; at most 80 characters. */
type Said = Readonly<Record<Exclude<Command['name'], 'start'>, string>>

const en: Said = {
  help: 'What you can ask here',
  status: 'Your open requests',
  human: 'Talk to a person',
  privacy: 'How we handle your data',
  delete: 'Have your data erased',
}

export const commandWords: Readonly<Record<string, Said>> = {
  en,
  zh: {
    help: '可以在这里做什么',
    status: '查看您未完结的请求',
    human: '转人工客服',
    privacy: '我们如何处理您的数据',
    delete: '请求删除您的数据',
  },
  ja: {
    help: 'ここでできること',
    status: '対応中のお問い合わせ',
    human: '担当者と話す',
    privacy: '個人データの取り扱い',
    delete: 'データの削除を依頼する',
  },
  ko: {
    help: '여기에서 할 수 있는 일',
    status: '진행 중인 문의 보기',
    human: '담당자와 대화하기',
    privacy: '개인정보 처리 안내',
    delete: '내 데이터 삭제 요청',
  },
  ru: {
    help: 'Что можно спросить здесь',
    status: 'Ваши открытые обращения',
    human: 'Поговорить с сотрудником',
    privacy: 'Как мы обращаемся с вашими данными',
    delete: 'Попросить удалить ваши данные',
  },
}

/** As they are typed, one a line. CommonMark. */
export function commandList(language: string): string {
  const said = commandWords[language] ?? en
  return Object.entries(said)
    .map(([name, does]) => `- /${name} – ${does}`)
    .join('\n')
}
