import type { AnswerProblem } from './form.ts'

/** What people see who write to us through the form of the help centre. */
export interface ContactWords {
  readonly title: string
  readonly lead: string
  readonly topic: string
  readonly otherTopic: string
  readonly changeTopic: string
  readonly name: string
  readonly email: string
  readonly emailHint: string
  readonly message: string
  readonly files: string
  readonly filesHint: (most: number, megabytes: number) => string
  readonly filesAgain: string
  readonly send: string
  readonly optional: string
  readonly choose: string
  /** Above a field that hangs on another, where no script hides it. */
  readonly onlyIf: (field: string, values: string) => string
  readonly neverSend: string
  readonly mend: string
  readonly problems: Readonly<Record<AnswerProblem | 'email' | 'file', string>>
  readonly tooMany: string
  readonly sent: (number: string) => string
  readonly sentByMail: (address: string) => string
  readonly sentHere: string
  readonly follow: string
  readonly stuck: string
}

const en: ContactWords = {
  title: 'Contact us',
  lead: 'Tell us what happened. A person reads every message.',
  topic: 'What is it about?',
  otherTopic: 'Something else',
  changeTopic: 'Choose another topic',
  name: 'Your name',
  email: 'Your email address',
  emailHint: 'We answer to this address.',
  message: 'What happened?',
  files: 'Files',
  filesHint: (most, megabytes) => `At most ${most} files of up to ${megabytes} MB.`,
  filesAgain: 'Please choose your files again.',
  send: 'Send',
  optional: 'optional',
  choose: 'Please choose',
  onlyIf: (field, values) => `Only if “${field}” is ${values}:`,
  neverSend: 'Never send us passwords, codes, private keys or recovery phrases. We never ask for them.',
  mend: 'Some things are missing or not quite right. They are marked below.',
  problems: {
    required: 'Please fill this in.',
    format: 'This does not look right. Please copy and paste it once more.',
    choice: 'Please choose one of the list.',
    number: 'Please write a number, such as 12.5.',
    secret: 'This looks like a secret phrase or a private key. Do not send it to anybody, not even to us.',
    tooLong: 'This is too long.',
    email: 'Please write an address such as name@example.com.',
    file: 'There are too many files, or one of them is too large.',
  },
  tooMany: 'Too many messages were sent from here today. Please try again tomorrow.',
  sent: (number) => `Thank you. Your request has the number #${number}.`,
  sentByMail: (address) => `We answer by email to ${address}.`,
  sentHere: 'Keep this address: our answers appear there.',
  follow: 'See how it goes on',
  stuck: 'Still stuck? Contact us',
}

const zh: ContactWords = {
  title: '联系我们',
  lead: '请告诉我们发生了什么。每条留言都会由客服人员阅读。',
  topic: '您的问题属于哪一类？',
  otherTopic: '其他问题',
  changeTopic: '选择其他类别',
  name: '您的称呼',
  email: '您的邮箱',
  emailHint: '我们会回复到这个邮箱。',
  message: '发生了什么？',
  files: '附件',
  filesHint: (most, megabytes) => `最多${most}个文件，每个不超过${megabytes} MB。`,
  filesAgain: '请重新选择附件。',
  send: '提交',
  optional: '选填',
  choose: '请选择',
  onlyIf: (field, values) => `仅当“${field}”为${values}时填写：`,
  neverSend: '请勿发送密码、验证码、私钥或助记词。我们绝不会向您索要这些信息。',
  mend: '有些内容缺少或有误，已在下方标出。',
  problems: {
    required: '请填写此项。',
    format: '格式似乎不正确，请重新复制粘贴。',
    choice: '请从列表中选择。',
    number: '请填写数字，例如12.5。',
    secret: '这看起来像助记词或私钥。请不要发送给任何人，包括我们。',
    tooLong: '内容过长。',
    email: '请填写邮箱地址，例如name@example.com。',
    file: '文件过多，或有文件过大。',
  },
  tooMany: '今天从这里提交的请求过多，请明天再试。',
  sent: (number) => `已收到，您的请求编号为#${number}。`,
  sentByMail: (address) => `我们会通过邮件回复到${address}。`,
  sentHere: '请保存此网址，我们的回复会显示在那里。',
  follow: '查看处理进度',
  stuck: '还没有解决？联系我们',
}

const ja: ContactWords = {
  title: 'お問い合わせ',
  lead: '状況をお知らせください。すべてのお問い合わせを担当者が読みます。',
  topic: 'どのようなご用件ですか？',
  otherTopic: 'その他',
  changeTopic: '別の用件を選ぶ',
  name: 'お名前',
  email: 'メールアドレス',
  emailHint: 'このアドレスに返信します。',
  message: 'どうしましたか？',
  files: '添付ファイル',
  filesHint: (most, megabytes) => `${most}個まで、1個${megabytes} MBまで。`,
  filesAgain: 'ファイルをもう一度選んでください。',
  send: '送信',
  optional: '任意',
  choose: '選択してください',
  onlyIf: (field, values) => `「${field}」が${values}の場合のみ:`,
  neverSend:
    'パスワード、認証コード、秘密鍵、リカバリーフレーズは送らないでください。当社がお尋ねすることはありません。',
  mend: '未入力または正しくない項目があります。下に示しています。',
  problems: {
    required: 'この項目を入力してください。',
    format: '形式が正しくないようです。もう一度コピーして貼り付けてください。',
    choice: '一覧から選んでください。',
    number: '12.5のような数字を入力してください。',
    secret: 'リカバリーフレーズまたは秘密鍵のようです。当社を含め、誰にも送らないでください。',
    tooLong: '長すぎます。',
    email: 'name@example.comのようなアドレスを入力してください。',
    file: 'ファイルが多すぎるか、大きすぎるファイルがあります。',
  },
  tooMany: '本日はここからの送信が多すぎます。明日もう一度お試しください。',
  sent: (number) => `ありがとうございます。受付番号は#${number}です。`,
  sentByMail: (address) => `${address}宛てにメールで返信します。`,
  sentHere: 'このアドレスを保存してください。返信はそこに表示されます。',
  follow: '進行状況を見る',
  stuck: '解決しませんか？お問い合わせ',
}

const ko: ContactWords = {
  title: '문의하기',
  lead: '무슨 일이 있었는지 알려 주세요. 모든 문의는 담당자가 읽습니다.',
  topic: '어떤 문의인가요?',
  otherTopic: '기타',
  changeTopic: '다른 주제 선택',
  name: '이름',
  email: '이메일 주소',
  emailHint: '이 주소로 답변드립니다.',
  message: '무슨 일이 있었나요?',
  files: '첨부 파일',
  filesHint: (most, megabytes) => `최대 ${most}개, 각 ${megabytes}MB까지.`,
  filesAgain: '파일을 다시 선택해 주세요.',
  send: '보내기',
  optional: '선택',
  choose: '선택해 주세요',
  onlyIf: (field, values) => `‘${field}’이(가) ${values}인 경우에만:`,
  neverSend: '비밀번호, 인증 코드, 개인 키, 복구 구문은 보내지 마세요. 저희는 절대 요구하지 않습니다.',
  mend: '빠졌거나 올바르지 않은 항목이 있습니다. 아래에 표시했습니다.',
  problems: {
    required: '이 항목을 입력해 주세요.',
    format: '형식이 올바르지 않은 것 같습니다. 다시 복사해 붙여 넣어 주세요.',
    choice: '목록에서 선택해 주세요.',
    number: '12.5처럼 숫자로 입력해 주세요.',
    secret: '복구 구문이나 개인 키로 보입니다. 저희를 포함해 누구에게도 보내지 마세요.',
    tooLong: '너무 깁니다.',
    email: 'name@example.com과 같은 주소를 입력해 주세요.',
    file: '파일이 너무 많거나 너무 큰 파일이 있습니다.',
  },
  tooMany: '오늘 이곳에서 보낸 문의가 너무 많습니다. 내일 다시 시도해 주세요.',
  sent: (number) => `감사합니다. 문의 번호는 #${number}입니다.`,
  sentByMail: (address) => `${address}(으)로 이메일 답변을 드립니다.`,
  sentHere: '이 주소를 보관해 주세요. 답변이 그곳에 표시됩니다.',
  follow: '진행 상황 보기',
  stuck: '해결되지 않았나요? 문의하기',
}

const ru: ContactWords = {
  title: 'Связаться с нами',
  lead: 'Расскажите, что случилось. Каждое сообщение читает человек.',
  topic: 'О чём речь?',
  otherTopic: 'Другое',
  changeTopic: 'Выбрать другую тему',
  name: 'Ваше имя',
  email: 'Ваша электронная почта',
  emailHint: 'Мы ответим на этот адрес.',
  message: 'Что случилось?',
  files: 'Файлы',
  filesHint: (most, megabytes) => `Не больше ${most} файлов, каждый до ${megabytes} МБ.`,
  filesAgain: 'Пожалуйста, выберите файлы ещё раз.',
  send: 'Отправить',
  optional: 'необязательно',
  choose: 'Выберите',
  onlyIf: (field, values) => `Только если «${field}» — ${values}:`,
  neverSend: 'Никогда не присылайте пароли, коды, закрытые ключи и секретные фразы. Мы их не спрашиваем.',
  mend: 'Что-то пропущено или указано неверно. Это отмечено ниже.',
  problems: {
    required: 'Пожалуйста, заполните это поле.',
    format: 'Похоже, здесь ошибка. Скопируйте и вставьте ещё раз.',
    choice: 'Выберите из списка.',
    number: 'Укажите число, например 12,5.',
    secret: 'Это похоже на секретную фразу или закрытый ключ. Не отправляйте их никому, даже нам.',
    tooLong: 'Слишком длинно.',
    email: 'Укажите адрес, например name@example.com.',
    file: 'Файлов слишком много, или один из них слишком большой.',
  },
  tooMany: 'Сегодня отсюда отправлено слишком много сообщений. Попробуйте завтра.',
  sent: (number) => `Спасибо. Номер вашего обращения — #${number}.`,
  sentByMail: (address) => `Мы ответим по почте на ${address}.`,
  sentHere: 'Сохраните этот адрес: наши ответы появятся там.',
  follow: 'Посмотреть, как идут дела',
  stuck: 'Не помогло? Свяжитесь с нами',
}

const words: Readonly<Record<string, ContactWords>> = { en, zh, ja, ko, ru }

/** English where a language has no words of ours. */
export function contactWords(locale: string): ContactWords {
  return words[locale.split('-')[0] ?? ''] ?? en
}
