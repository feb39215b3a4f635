import type { AnswerProblem } from './form.ts'

/** What customers read while they are asked what a form asks. CommonMark. */
export interface FormWords {
  /** Before the first question: people have the case already. */
  readonly begin: string
  /** A page of ours shows the form. */
  readonly offered: string
  readonly noted: string
  /** Of what need not be answered. */
  readonly optional: string
  /** On the button that does the same. */
  readonly skip: string
  readonly done: string
  readonly problems: Readonly<Record<AnswerProblem, string>>
}

const words: Readonly<Record<string, FormWords>> = {
  en: {
    begin: 'While you wait, a few questions that help us. Answer what you can; people have your case already.',
    offered: 'A few details help us meanwhile: you can fill them in here.',
    noted: 'Noted.',
    optional: 'If you do not know, write “skip”.',
    skip: 'Skip',
    done: 'Thank you, that is all we need to know. Somebody from our team answers you here.',
    problems: {
      required: 'We need this to help you.',
      format: 'That does not look right. Please copy it whole, without other words.',
      choice: 'Please choose one of these.',
      number: 'Please write it as a number.',
      secret: 'Please never send this to anybody, not to us either. We did not note it, and will never ask for it.',
      tooLong: 'That is too long. A short answer is enough.',
    },
  },
  zh: {
    begin: '等待期间，请回答几个问题，方便我们处理。知道多少答多少即可，您的问题已转给客服人员。',
    offered: '以下信息有助于我们处理，您可以在这里填写。',
    noted: '已记录。',
    optional: '如果不清楚，请发送“跳过”。',
    skip: '跳过',
    done: '谢谢，需要的信息已齐全。我们的客服人员会在这里回复您。',
    problems: {
      required: '处理您的问题需要这项信息。',
      format: '格式似乎不对。请完整复制，不要附带其他文字。',
      choice: '请从以下选项中选择。',
      number: '请填写数字。',
      secret: '请不要把它发给任何人，包括我们。我们没有记录，也绝不会向您索要。',
      tooLong: '内容太长，简短回答即可。',
    },
  },
  ja: {
    begin:
      'お待ちの間に、対応に役立つことをいくつかお尋ねします。わかる範囲でお答えください。お問い合わせはすでに担当者に届いています。',
    offered: '次の項目をご記入いただくと、対応が早くなります。',
    noted: '承りました。',
    optional: 'わからない場合は「スキップ」とお書きください。',
    skip: 'スキップ',
    done: 'ありがとうございます。必要なことはすべて伺いました。担当者がこちらでお答えします。',
    problems: {
      required: '対応のために必要な項目です。',
      format: '形式が違うようです。ほかの言葉を付けずに、全体をコピーしてください。',
      choice: '次の中からお選びください。',
      number: '数字でお書きください。',
      secret: 'これは私どもを含め、誰にも送らないでください。記録はしていません。お尋ねすることも決してありません。',
      tooLong: '長すぎます。短くお答えください。',
    },
  },
  ko: {
    begin:
      '기다리시는 동안 처리에 도움이 되는 몇 가지를 여쭤봅니다. 아시는 만큼만 답해 주세요. 문의는 이미 담당자에게 전달되었습니다.',
    offered: '아래 정보를 적어 주시면 더 빨리 도와드릴 수 있습니다.',
    noted: '확인했습니다.',
    optional: '모르시면 "건너뛰기"라고 보내 주세요.',
    skip: '건너뛰기',
    done: '감사합니다. 필요한 내용을 모두 받았습니다. 담당자가 여기에서 답변드리겠습니다.',
    problems: {
      required: '처리를 위해 꼭 필요한 정보입니다.',
      format: '형식이 맞지 않는 것 같습니다. 다른 말 없이 전체를 복사해 주세요.',
      choice: '다음 중에서 선택해 주세요.',
      number: '숫자로 적어 주세요.',
      secret: '이것은 저희를 포함해 누구에게도 보내지 마세요. 저희는 기록하지 않았으며 절대 요청하지 않습니다.',
      tooLong: '너무 깁니다. 짧게 답해 주세요.',
    },
  },
  ru: {
    begin:
      'Пока вы ждёте, несколько вопросов, которые нам помогут. Ответьте, на что можете: ваш вопрос уже у сотрудников.',
    offered: 'Эти сведения помогут нам быстрее разобраться: их можно заполнить здесь.',
    noted: 'Записали.',
    optional: 'Если не знаете, напишите «пропустить».',
    skip: 'Пропустить',
    done: 'Спасибо, это всё, что нужно. Сотрудник ответит вам здесь.',
    problems: {
      required: 'Без этого нам не разобраться.',
      format: 'Похоже, здесь ошибка. Скопируйте целиком, без других слов.',
      choice: 'Выберите, пожалуйста, одно из этого.',
      number: 'Напишите, пожалуйста, числом.',
      secret: 'Никому этого не присылайте, в том числе нам. Мы это не записали и никогда об этом не попросим.',
      tooLong: 'Слишком длинно, достаточно короткого ответа.',
    },
  },
}

export function formWords(language: string): FormWords {
  return words[language] ?? words['en']!
}

const skips = new Set(
  [
    'skip',
    'pass',
    'next',
    '跳过',
    '跳過',
    '略过',
    '不知道',
    'スキップ',
    'パス',
    'わからない',
    '分からない',
    '건너뛰기',
    '스킵',
    '패스',
  ]
    .concat([
      '모르겠어요',
      '모름',
      'пропустить',
      'пропуск',
      'дальше',
      'не знаю',
      "i don't know",
      'i do not know',
      'dont know',
    ])
    .map((one) => one.normalize('NFKC')),
)

/** They pass this question over. */
export function isSkip(text: string): boolean {
  const bare = text.normalize('NFKC').toLowerCase().replaceAll('’', "'")
  return skips.has(bare.replace(/^[\s"“”«»「」'/]+|[\s"“”«»「」'.!。！…]+$/g, ''))
}
