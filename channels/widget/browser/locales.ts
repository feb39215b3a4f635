export interface Words {
  readonly title: string
  readonly greeting: string
  readonly placeholder: string
  readonly send: string
  readonly attach: string
  readonly close: string
  readonly conversation: string
  readonly you: string
  readonly support: string
  readonly bot: string
  readonly offline: string
  readonly sending: string
  readonly waiting: string
  readonly sent: string
  readonly seen: string
  readonly failed: string
  readonly retry: string
  readonly discard: string
  readonly edited: string
  readonly deleted: string
  readonly typing: string
  readonly today: string
  readonly yesterday: string
  readonly newest: string
  readonly older: string
  readonly remove: (name: string) => string
  readonly tooLarge: (name: string, limit: string) => string
  readonly tooMany: (count: number) => string
  readonly tooLong: (over: number) => string
  readonly picture: (name: string) => string
  readonly notLoaded: string
  readonly dropHere: string
  readonly byMail: string
  readonly emailOffer: string
  readonly emailLeave: string
  readonly emailChange: string
  readonly emailLabel: string
  readonly emailExample: string
  readonly emailSend: string
  readonly emailCancel: string
  readonly emailPending: (address: string) => string
  readonly emailConfirmed: (address: string) => string
  readonly emailRefused: (address: string) => string
  readonly emailBad: string
  readonly emailTooOften: string
  readonly emailFailed: string
  readonly maybe: string
  readonly noArticles: string
  readonly backToChat: string
  readonly wholePage: string
  readonly place: (place: number) => string
  readonly wait: (low: number, high: number) => string
  readonly closed: string
  readonly back: (time: string) => string
  readonly busy: string
  readonly elsewhere: string
  readonly writeAnyway: string
  readonly help: string
}

export const en: Words = {
  title: 'Chat with us',
  greeting: 'Hello. How can we help?',
  placeholder: 'Write a message…',
  send: 'Send',
  attach: 'Attach a file',
  close: 'Close chat',
  conversation: 'Conversation',
  you: 'You',
  support: 'Support',
  bot: 'Bot',
  offline: 'You are offline. Your messages will be sent when you are back.',
  sending: 'Sending…',
  waiting: 'Waiting for connection',
  sent: 'Sent',
  seen: 'Seen',
  failed: 'Not sent',
  retry: 'Try again',
  discard: 'Discard',
  edited: 'edited',
  deleted: 'This message was deleted',
  typing: 'is typing…',
  today: 'Today',
  yesterday: 'Yesterday',
  newest: 'New messages',
  older: 'Show earlier messages',
  remove: (name) => `Remove ${name}`,
  tooLarge: (name, limit) => `${name} is larger than ${limit}.`,
  tooMany: (count) => `At most ${count} files in one message.`,
  tooLong: (over) => `${over} characters too many`,
  picture: (name) => `Picture: ${name}`,
  notLoaded: 'Not available',
  dropHere: 'Drop files here',
  byMail: 'by email',
  emailOffer: 'You need not wait here:',
  emailLeave: 'leave your email and we answer there',
  emailChange: 'Change',
  emailLabel: 'Where should we answer if you leave?',
  emailExample: 'you@example.com',
  emailSend: 'Save',
  emailCancel: 'Cancel',
  emailPending: (address) => `Look into your mailbox: we sent a link to ${address}. Open it to confirm the address.`,
  emailConfirmed: (address) => `If you leave, we answer at ${address}.`,
  emailRefused: (address) => `Our mail to ${address} came back. Is it spelt right?`,
  emailBad: 'This is not a mail address we can write to.',
  emailTooOften: 'That was too often for today. Please try again tomorrow.',
  emailFailed: 'This did not work. Please try again.',
  maybe: 'This may answer it:',
  noArticles: 'Hide suggestions',
  backToChat: 'Back to the chat',
  wholePage: 'Open as a page',
  place: (place) => (place === 1 ? 'You are next.' : `Your place in the queue: ${place}.`),
  wait: (low, high) => ` Expected wait: about ${spanOf(low, high, ' to ', high < 90 ? ' min' : ' h')}.`,
  closed: 'Nobody is here to chat at the moment.',
  back: (time) => `We are back ${time}.`,
  busy: 'Many people are waiting, so an answer takes longer now.',
  elsewhere: 'Live chat is not offered here.',
  writeAnyway: 'Write all the same and leave your email: we answer there.',
  help: 'Help centre',
}

export const zh: Words = {
  title: '在线客服',
  greeting: '您好，请问有什么可以帮您？',
  placeholder: '输入消息…',
  send: '发送',
  attach: '添加附件',
  close: '关闭聊天',
  conversation: '对话',
  you: '您',
  support: '客服',
  bot: '机器人',
  offline: '网络已断开，恢复后会自动发送您的消息。',
  sending: '发送中…',
  waiting: '等待网络连接',
  sent: '已发送',
  seen: '已读',
  failed: '未发送',
  retry: '重试',
  discard: '删除',
  edited: '已编辑',
  deleted: '这条消息已被删除',
  typing: '正在输入…',
  today: '今天',
  yesterday: '昨天',
  newest: '有新消息',
  older: '查看更早的消息',
  remove: (name) => `移除 ${name}`,
  tooLarge: (name, limit) => `${name} 超过 ${limit}。`,
  tooMany: (count) => `一条消息最多 ${count} 个文件。`,
  tooLong: (over) => `超出 ${over} 个字符`,
  picture: (name) => `图片：${name}`,
  notLoaded: '无法显示',
  dropHere: '将文件拖到这里',
  byMail: '邮件',
  emailOffer: '不必在此等候：',
  emailLeave: '留下邮箱，我们用邮件回复您',
  emailChange: '更改',
  emailLabel: '您离开后，我们回复到哪个邮箱？',
  emailExample: 'you@example.com',
  emailSend: '保存',
  emailCancel: '取消',
  emailPending: (address) => `确认链接已发送到 ${address}，请打开邮件完成确认。`,
  emailConfirmed: (address) => `您离开后，我们会回复到 ${address}。`,
  emailRefused: (address) => `发往 ${address} 的邮件被退回，请检查地址是否正确。`,
  emailBad: '这不是可用的邮箱地址。',
  emailTooOften: '今天的次数已用完，请明天再试。',
  emailFailed: '操作未成功，请重试。',
  maybe: '这些文章或许能解答：',
  noArticles: '隐藏推荐文章',
  backToChat: '返回聊天',
  wholePage: '在新页面打开',
  place: (place) => (place === 1 ? '下一位就是您。' : `您目前排在第 ${place} 位。`),
  wait: (low, high) => `预计等待约 ${spanOf(low, high, ' 到 ', high < 90 ? ' 分钟' : ' 小时')}。`,
  closed: '现在没有客服在线。',
  back: (time) => `我们将于${time}恢复在线。`,
  busy: '现在等待的人较多，回复会慢一些。',
  elsewhere: '这里暂不提供在线聊天。',
  writeAnyway: '您仍可留言并留下邮箱，我们会用邮件回复您。',
  help: '帮助中心',
}

/** Minutes; hours where minutes would say more than anybody knows. */
export function spanOf(low: number, high: number, to: string, unit: string): string {
  const [from, until] = high < 90 ? [low, high] : [Math.max(1, Math.floor(low / 60)), Math.ceil(high / 60)]
  return `${from === until ? '' : `${from}${to}`}${until}${unit}`
}
