import { automaticLanguage } from './automatic-words.ts'

interface ReminderWords {
  readonly asks: string
  readonly closes: (time: string) => string
}

const all: Readonly<Record<string, ReminderWords>> = {
  en: {
    asks: 'We answered you here and have not heard from you since. If you still need us, just write here.',
    closes: (time) =>
      `If we hear nothing, we will close this request in ${time}. You can write here again at any time.`,
  },
  zh: {
    asks: '我们已在这里回复您，之后没有收到您的消息。如果您还需要帮助，请直接在这里留言。',
    closes: (time) => `如果没有收到您的回复，我们将在${time}后结束此请求。您随时可以再在这里留言。`,
  },
  ja: {
    asks: 'こちらでお返事いたしましたが、その後ご連絡をいただいておりません。引き続きご用件がありましたら、こちらにお書きください。',
    closes: (time) =>
      `ご返信がない場合、${time}後にこのお問い合わせを終了いたします。その後もいつでもこちらにお書きいただけます。`,
  },
  ko: {
    asks: '여기에서 답변을 드렸으나 이후 연락을 받지 못했습니다. 도움이 더 필요하시면 여기에 적어 주세요.',
    closes: (time) => `답장이 없으면 ${time} 후에 이 문의를 종료합니다. 그 후에도 언제든지 여기에 적어 주세요.`,
  },
  ru: {
    asks: 'Мы ответили вам здесь и с тех пор не получили от вас сообщений. Если помощь ещё нужна, просто напишите здесь.',
    closes: (time) => `Если ответа не будет, мы закроем это обращение через ${time}. Написать сюда снова можно всегда.`,
  },
}

/** What customers read after a long silence of theirs; the end is announced where it will come by itself. */
export function reminderText(language: string | null, resolveAfterHours: number | null): string {
  const spoken = automaticLanguage(language)
  const { asks, closes } = all[spoken]!
  return resolveAfterHours === null ? asks : `${asks} ${closes(duration(spoken, resolveAfterHours))}`
}

function duration(language: string, hours: number): string {
  const [value, unit] = hours >= 48 && hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}
