/** What customers read who are asked for their address or answered by letter, in their own language. */
export interface ContinuationWords {
  /** Of the mail with the link. `title`: what they know us as. */
  readonly askSubject: (title: string) => string
  readonly asked: (title: string, address: string) => string
  readonly ignore: string
  readonly pageTitle: string
  readonly pageAsks: (title: string, address: string) => string
  /** What follows from it, said before it is pressed. */
  readonly pageMeans: string
  readonly button: string
  readonly done: string
  readonly doneMeans: string
  readonly invalid: string
  readonly invalidMeans: string
  /** Of a letter with replies. */
  readonly subject: (title: string) => string
  readonly why: (title: string) => string
  readonly filesInChat: string
  readonly nameless: string
}

const en: ContinuationWords = {
  askSubject: (title) => `Confirm your address for ${title}`,
  asked: (title, address) =>
    `Somebody who writes in ${title} asked to be answered at ${address}. If that was you, open this link and confirm it:`,
  ignore: 'If it was not you, do nothing: without your confirmation nothing is sent here. The link works for 24 hours.',
  pageTitle: 'Confirm your address',
  pageAsks: (title, address) => `Answers to what you write in ${title} will also be sent to ${address}.`,
  pageMeans:
    'Confirm only if you are the one who writes in that chat. What you write back by mail is shown in it as well.',
  button: 'Yes, send answers here',
  done: 'Confirmed',
  doneMeans: 'When you leave the chat, answers come by mail. You can close this page.',
  invalid: 'This link does not work any more',
  invalidMeans: 'It was used already, replaced by a newer one, or is older than 24 hours. Nothing was changed.',
  subject: (title) => `Your chat in ${title}`,
  why: (title) => `You left this address in ${title}. Answer this mail, or go on in the chat.`,
  filesInChat: 'The files of this answer are in the chat.',
  nameless: 'our support chat',
}

const zh: ContinuationWords = {
  askSubject: (title) => `请确认您在“${title}”留下的邮箱`,
  asked: (title, address) => `有人在“${title}”中留言，希望通过${address}收到回复。如果是您本人，请打开链接并确认：`,
  ignore: '如果不是您本人，请忽略这封邮件：未经确认，我们不会向这里发送任何内容。链接24小时内有效。',
  pageTitle: '确认您的邮箱',
  pageAsks: (title, address) => `您在“${title}”中的对话，回复也会发送到${address}。`,
  pageMeans: '只有当您本人正在该对话中留言时，才请确认。您回信的内容也会显示在对话中。',
  button: '确认，把回复发到这里',
  done: '已确认',
  doneMeans: '您离开聊天后，回复会以邮件送达。现在可以关闭此页面。',
  invalid: '此链接已失效',
  invalidMeans: '链接可能已使用、已被新的链接取代，或已超过24小时。没有任何更改。',
  subject: (title) => `您在“${title}”的对话`,
  why: (title) => `您在“${title}”留下了这个邮箱。您可以直接回复此邮件，也可以回到聊天中继续。`,
  filesInChat: '本次回复的文件请在聊天中查看。',
  nameless: '在线客服',
}

const ja: ContinuationWords = {
  askSubject: (title) => `${title}：メールアドレスの確認`,
  asked: (title, address) =>
    `${title}のチャットで、返信を${address}で受け取りたいという依頼がありました。ご本人の場合は、リンクを開いて確認してください：`,
  ignore: '心当たりがない場合は何もしないでください。確認されるまで何も送信されません。リンクは24時間有効です。',
  pageTitle: 'メールアドレスの確認',
  pageAsks: (title, address) => `${title}のチャットへの返信を${address}にもお送りします。`,
  pageMeans: 'チャットに書き込んだご本人の場合のみ確認してください。メールでの返信内容はチャットにも表示されます。',
  button: 'はい、ここに送ってください',
  done: '確認しました',
  doneMeans: 'チャットを離れると、返信はメールで届きます。このページは閉じてかまいません。',
  invalid: 'このリンクは使用できません',
  invalidMeans: '使用済み、新しいリンクに置き換え済み、または24時間を過ぎています。何も変更されていません。',
  subject: (title) => `${title}でのチャット`,
  why: (title) => `${title}でこのアドレスが登録されました。このメールに返信するか、チャットで続けることができます。`,
  filesInChat: 'この返信のファイルはチャットでご覧ください。',
  nameless: 'サポートチャット',
}

const ko: ContinuationWords = {
  askSubject: (title) => `${title}: 이메일 주소 확인`,
  asked: (title, address) =>
    `${title} 채팅에서 ${address}(으)로 답변을 받겠다는 요청이 있었습니다. 본인이라면 링크를 열어 확인해 주세요:`,
  ignore: '본인이 아니라면 무시하세요. 확인 전에는 아무것도 보내지 않습니다. 링크는 24시간 동안 유효합니다.',
  pageTitle: '이메일 주소 확인',
  pageAsks: (title, address) => `${title} 채팅에 대한 답변이 ${address}(으)로도 전송됩니다.`,
  pageMeans: '채팅을 작성한 본인인 경우에만 확인해 주세요. 메일로 보낸 답장은 채팅에도 표시됩니다.',
  button: '예, 여기로 보내 주세요',
  done: '확인되었습니다',
  doneMeans: '채팅을 떠나면 답변이 메일로 전송됩니다. 이 페이지를 닫아도 됩니다.',
  invalid: '더 이상 사용할 수 없는 링크입니다',
  invalidMeans: '이미 사용되었거나 새 링크로 바뀌었거나 24시간이 지났습니다. 변경된 것은 없습니다.',
  subject: (title) => `${title} 채팅`,
  why: (title) => `${title}에서 이 주소를 남기셨습니다. 이 메일에 답장하거나 채팅에서 계속하실 수 있습니다.`,
  filesInChat: '이 답변의 파일은 채팅에서 확인할 수 있습니다.',
  nameless: '고객 지원 채팅',
}

const ru: ContinuationWords = {
  askSubject: (title) => `Подтвердите адрес: ${title}`,
  asked: (title, address) =>
    `В чате «${title}» попросили присылать ответы на ${address}. Если это вы, откройте ссылку и подтвердите адрес:`,
  ignore: 'Если это не вы, ничего не делайте: без подтверждения сюда ничего не придёт. Ссылка действует 24 часа.',
  pageTitle: 'Подтвердите адрес',
  pageAsks: (title, address) => `Ответы на ваш чат «${title}» будут приходить и на ${address}.`,
  pageMeans: 'Подтверждайте, только если в этом чате пишете вы. То, что вы ответите письмом, будет видно и в чате.',
  button: 'Да, присылать ответы сюда',
  done: 'Адрес подтверждён',
  doneMeans: 'Когда вы уйдёте из чата, ответ придёт письмом. Эту страницу можно закрыть.',
  invalid: 'Ссылка больше не действует',
  invalidMeans: 'Она уже использована, заменена новой или старше 24 часов. Ничего не изменилось.',
  subject: (title) => `Ваш чат: ${title}`,
  why: (title) => `Вы оставили этот адрес в чате «${title}». Ответьте на письмо или продолжите в чате.`,
  filesInChat: 'Файлы к этому ответу — в чате.',
  nameless: 'чат поддержки',
}

const all: Readonly<Record<string, ContinuationWords>> = { en, zh, ja, ko, ru }

/** Of the first of these that we speak; 'zh-Hant-TW' speaks 'zh'. */
export function continuationLanguage(...wished: readonly (string | null | undefined)[]): string {
  const known = wished.map((one) => one?.slice(0, 2).toLowerCase() ?? '')
  return known.find((one) => one in all) ?? 'en'
}

export function continuationWords(language: string): ContinuationWords {
  return all[language] ?? en
}
