import type { ChannelWords } from '../../src/channel/words.ts'

export const instructions = [
  'In Telegram, write to @BotFather and send /newbot; choose a name and a user name that ends in “bot”.',
  'Copy the token it answers with into “Bot token”.',
  'To serve groups: send /setjoingroups and allow it, then add the bot to the group. It sees mentions, commands and ' +
    'replies; to see everything, send /setprivacy and choose Disable, and add the bot again.',
  'To see reactions in groups, make the bot an administrator there.',
  'Press Test, then save. One bot belongs to one inbox: no other program may receive for it.',
]

export const translations: Readonly<Record<string, ChannelWords>> = {
  zh: {
    name: 'Telegram机器人',
    instructions: [
      '在Telegram中给@BotFather发送/newbot，为机器人起名，用户名须以“bot”结尾。',
      '把它回复的令牌复制到“机器人令牌”。',
      '用于群组：发送/setjoingroups并允许，再把机器人加入群组。默认只能看到提及它的消息、命令和对它的回复；' +
        '如需看到全部消息，发送/setprivacy并选择Disable，然后重新加入群组。',
      '如需看到群组里的表情回应，请把机器人设为群管理员。',
      '点击“测试”，然后保存。一个机器人只属于一个收件箱，不能同时由其他程序接收消息。',
    ],
    said: {
      'Messages between {} and {} may be missing: Telegram keeps them for 24 hours only.':
        '{}至{}之间的消息可能缺失：Telegram只保留24小时。',
      'The bot sees only mentions, commands and replies in groups: send /setprivacy to @BotFather, choose Disable, and add the bot to its groups again.':
        '机器人在群组中只能看到提及、命令和回复：请向@BotFather发送/setprivacy并选择Disable，然后重新把机器人加入群组。',
    },
    fields: {
      token: {
        title: '机器人令牌',
        description: '由@BotFather提供。持有令牌的人可以完全控制机器人。',
        problem: '格式应为123456789:AAE4x…，与@BotFather显示的一致。',
      },
      receive: {
        title: '接收方式',
        options: { polling: '由本系统查询Telegram（处处可用）', webhook: '由Telegram推送到本系统（webhook）' },
        description: '使用webhook时，PUBLIC_URL必须是Telegram能够访问的https地址。',
      },
      groups: {
        title: '在群组中接收',
        options: { ignore: '不接收', mentions: '提及机器人的消息、命令和对它的回复', all: '全部消息' },
        description: '接收全部消息前，先向@BotFather发送/setprivacy关闭隐私模式，再重新把机器人加入群组。',
      },
      groupThreads: {
        title: '群组中的对话归属',
        options: { person: '每个提问的人一个对话', chat: '整个群组（或每个话题）一个对话' },
      },
      apiRoot: { title: 'Bot API地址', description: '仅在使用自己的Bot API服务器时更改。' },
    },
  },
}
