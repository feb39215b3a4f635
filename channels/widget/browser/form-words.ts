export interface FormWords {
  readonly start: string
  readonly fill: string
  readonly describe: string
  readonly choose: string
  readonly optional: string
  readonly attach: string
  readonly send: string
  readonly sending: string
  readonly back: string
  readonly required: string
  readonly number: string
  readonly empty: string
  readonly check: string
  readonly failed: string
  readonly tooLarge: string
  readonly remove: string
}

const en: FormWords = {
  start: 'What is it about?',
  fill: 'Fill in the form',
  describe: 'What happened?',
  choose: 'Please choose',
  optional: 'optional',
  attach: 'Attach files',
  send: 'Send',
  sending: 'Sending…',
  back: 'Back to the chat',
  required: 'We need this to help you.',
  number: 'Please write it as a number.',
  empty: 'There is nothing to send yet.',
  check: 'Please look at the marked answers.',
  failed: 'It could not be sent. Please try again.',
  tooLarge: 'This file is too large:',
  remove: 'Remove',
}

const all: Readonly<Record<string, FormWords>> = {
  en,
  zh: {
    start: '您想咨询什么？',
    fill: '填写表单',
    describe: '发生了什么？',
    choose: '请选择',
    optional: '选填',
    attach: '添加文件',
    send: '发送',
    sending: '正在发送…',
    back: '返回聊天',
    required: '处理您的问题需要这项信息。',
    number: '请填写数字。',
    empty: '还没有可发送的内容。',
    check: '请检查标出的内容。',
    failed: '未能发送，请重试。',
    tooLarge: '文件过大：',
    remove: '移除',
  },
  ja: {
    start: 'どのようなご用件ですか？',
    fill: 'フォームに記入する',
    describe: '何が起きましたか？',
    choose: 'お選びください',
    optional: '任意',
    attach: 'ファイルを添付',
    send: '送信',
    sending: '送信中…',
    back: 'チャットに戻る',
    required: '対応のために必要な項目です。',
    number: '数字でお書きください。',
    empty: '送信する内容がまだありません。',
    check: '印のある項目をご確認ください。',
    failed: '送信できませんでした。もう一度お試しください。',
    tooLarge: 'ファイルが大きすぎます：',
    remove: '削除',
  },
  ko: {
    start: '어떤 문의인가요?',
    fill: '양식 작성',
    describe: '무슨 일이 있었나요?',
    choose: '선택해 주세요',
    optional: '선택 사항',
    attach: '파일 첨부',
    send: '보내기',
    sending: '보내는 중…',
    back: '채팅으로 돌아가기',
    required: '처리를 위해 꼭 필요한 정보입니다.',
    number: '숫자로 적어 주세요.',
    empty: '보낼 내용이 아직 없습니다.',
    check: '표시된 항목을 확인해 주세요.',
    failed: '보내지 못했습니다. 다시 시도해 주세요.',
    tooLarge: '파일이 너무 큽니다:',
    remove: '삭제',
  },
  ru: {
    start: 'О чём ваш вопрос?',
    fill: 'Заполнить форму',
    describe: 'Что случилось?',
    choose: 'Выберите',
    optional: 'необязательно',
    attach: 'Прикрепить файлы',
    send: 'Отправить',
    sending: 'Отправляется…',
    back: 'Вернуться в чат',
    required: 'Без этого нам не разобраться.',
    number: 'Напишите, пожалуйста, числом.',
    empty: 'Пока отправлять нечего.',
    check: 'Проверьте, пожалуйста, отмеченное.',
    failed: 'Не удалось отправить. Попробуйте ещё раз.',
    tooLarge: 'Файл слишком большой:',
    remove: 'Удалить',
  },
}

export function formWordsOf(locale: string): FormWords {
  return all[locale.split('-')[0] ?? ''] ?? en
}
