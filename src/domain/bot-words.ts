import type { HandOverReason } from './hand-over-words.ts'

/** Why a case left the bot. */
export type BotGaveUp =
  | HandOverReason
  | 'misses'
  | 'nothingFound'
  | 'noneFits'
  | 'repeated'
  | 'language'
  | 'files'
  | 'late'
  | 'failed'
  /** Switched off, by a rule or for this customer, meanwhile. */
  | 'notHere'

/** What customers read of the bot, in their own language. CommonMark. */
export interface BotWords {
  /** Before it says only that people have the case. */
  readonly iAmBot: string
  readonly intro: string
  readonly source: string
  readonly offer: string
  readonly noneOfThese: string
  readonly askBack: string
  readonly handOver: {
    readonly usual: string
    readonly asked: string
    readonly grave: string
    readonly selfHarm: string
  }
}

const words: Readonly<Record<string, BotWords>> = {
  en: {
    iAmBot: 'I am a bot.',
    intro: 'I am a bot and answer from our help articles. Write “human” at any time and a person takes over.',
    source: 'Source:',
    offer: 'Which of these do you mean?',
    noneOfThese: 'None of these: ask a person',
    askBack: 'What exactly would you like to know? One sentence with the matter and what you see helps most.',
    handOver: {
      usual: 'This is for a person. I have passed your question on; somebody from our team will answer you here.',
      asked: 'Of course. A person from our team will answer you here.',
      grave: 'A person from our team looks at this and answers you here. Please share no passwords or codes.',
      selfHarm:
        'I am a program and cannot help with this, but people can. If you are in danger, please call your local emergency number now. Somebody from our team will read this.',
    },
  },
  zh: {
    iAmBot: '我是机器人。',
    intro: '我是机器人，根据帮助文章回答问题。随时发送“人工”即可转接人工客服。',
    source: '来源：',
    offer: '您指的是以下哪一个？',
    noneOfThese: '都不是，转人工客服',
    askBack: '您具体想了解什么？请用一句话说明是什么事情，以及您看到了什么。',
    handOver: {
      usual: '这个问题需要人工处理。我已转给客服人员，他们会在这里回复您。',
      asked: '好的，我们的客服人员会在这里回复您。',
      grave: '我们的客服人员会查看并在这里回复您。请不要发送密码或验证码。',
      selfHarm:
        '我是程序，无法在这件事上帮助您，但有人可以。如果您正处于危险之中，请立即拨打当地的急救电话。我们的工作人员会看到您的消息。',
    },
  },
  ja: {
    iAmBot: '私は自動応答ボットです。',
    intro:
      '私は自動応答ボットで、ヘルプ記事をもとにお答えします。「担当者」と送っていただければ、いつでも人がお受けします。',
    source: '出典：',
    offer: '次のどれについてのご質問ですか？',
    noneOfThese: 'どれでもない（担当者に聞く）',
    askBack: '具体的に何をお知りになりたいですか？どのような件か、何が表示されているかを一文でお書きください。',
    handOver: {
      usual: 'この件は担当者がお受けします。ご質問を引き継ぎましたので、このままお待ちください。',
      asked: 'かしこまりました。担当者がこちらでお答えします。',
      grave: '担当者が確認し、こちらでお答えします。パスワードや認証コードは送らないでください。',
      selfHarm:
        '私はプログラムなのでお力になれませんが、力になれる人がいます。危険な状態にある場合は、今すぐお住まいの地域の緊急電話番号におかけください。担当者がこのメッセージを読みます。',
    },
  },
  ko: {
    iAmBot: '저는 챗봇입니다.',
    intro: '저는 도움말을 바탕으로 답하는 챗봇입니다. 언제든지 "상담원"이라고 보내시면 담당자가 답변합니다.',
    source: '출처:',
    offer: '다음 중 어떤 것을 말씀하시나요?',
    noneOfThese: '해당 없음, 담당자에게 문의',
    askBack: '정확히 무엇이 궁금하신가요? 어떤 일인지, 화면에 무엇이 보이는지 한 문장으로 적어 주세요.',
    handOver: {
      usual: '이 문의는 담당자가 처리합니다. 질문을 전달했으며, 담당자가 여기에서 답변드리겠습니다.',
      asked: '네, 담당자가 여기에서 답변드리겠습니다.',
      grave: '담당자가 확인하고 여기에서 답변드리겠습니다. 비밀번호나 인증 코드는 보내지 마세요.',
      selfHarm:
        '저는 프로그램이라 이 일을 도와드릴 수 없지만, 도울 수 있는 사람들이 있습니다. 위험한 상황이라면 지금 바로 해당 지역의 긴급 전화로 연락해 주세요. 담당자가 이 메시지를 읽습니다.',
    },
  },
  ru: {
    iAmBot: 'Я бот.',
    intro: 'Я бот и отвечаю по статьям справки. Напишите «оператор» в любой момент, и вам ответит человек.',
    source: 'Источник:',
    offer: 'Что из этого вы имеете в виду?',
    noneOfThese: 'Ничего из этого: спросить человека',
    askBack: 'Что именно вы хотите узнать? Опишите одним предложением, о чём речь и что вы видите.',
    handOver: {
      usual: 'Здесь нужен человек. Я передал ваш вопрос, сотрудник ответит вам здесь.',
      asked: 'Конечно. Сотрудник нашей команды ответит вам здесь.',
      grave: 'Сотрудник посмотрит на это и ответит вам здесь. Пожалуйста, не присылайте пароли и коды.',
      selfHarm:
        'Я программа и не могу помочь с этим, но люди могут. Если вы в опасности, позвоните сейчас в экстренную службу вашей страны. Наш сотрудник прочитает это сообщение.',
    },
  },
}

export function botWords(language: string): BotWords {
  return words[language] ?? words['en']!
}

const grave: ReadonlySet<string> = new Set(['account', 'fraud', 'legal'])

/** One sentence for the customer whose case people have now. */
export function handOverWords(reason: string, language: string): string {
  const { usual, asked, grave: careful, selfHarm } = botWords(language).handOver
  if (reason === 'selfHarm') return selfHarm
  if (reason === 'human' || reason === 'noneFits') return asked
  return grave.has(reason) ? careful : usual
}
