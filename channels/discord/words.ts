import type { ChannelWords } from '../../src/channel/words.ts'

export const instructions: readonly string[] = [
  'On discord.com/developers/applications choose “New Application”. On the page “Bot” press “Reset Token” and copy the token here.',
  'For support channels: on the same page switch on “Message Content Intent”. Direct messages do not need it.',
  'On the page “OAuth2”, under “URL Generator”, tick “bot” and “applications.commands”, then these permissions: View Channels, Send Messages, Send Messages in Threads, Create Public Threads, Create Private Threads, Manage Threads, Embed Links, Attach Files, Read Message History, Add Reactions. Open the address below them and choose your server.',
  'In Discord, under “Advanced”, switch on “Developer Mode”. A right click on a channel or role then copies its ID for the fields here.',
  'Save. In channels that open by a button it appears by itself; members of the server may also write to the bot directly.',
]

const ids = { problem: '每行一个15至20位数字的ID。' }

export const translations: Readonly<Record<string, ChannelWords>> = {
  zh: {
    name: 'Discord社区',
    instructions: [
      '在discord.com/developers/applications点击“New Application”。在“Bot”页面点击“Reset Token”，把令牌复制到这里。',
      '如果使用支持频道：在同一页面开启“Message Content Intent”。仅用私信则不需要。',
      '在“OAuth2”页面的“URL Generator”中勾选“bot”和“applications.commands”，再勾选权限：View Channels、Send Messages、Send Messages in Threads、Create Public Threads、Create Private Threads、Manage Threads、Embed Links、Attach Files、Read Message History、Add Reactions。打开下方生成的网址，选择你的服务器。',
      '在Discord的“高级”设置中开启“开发者模式”，然后右键点击频道或身份组即可复制ID，填入此处。',
      '保存。使用按钮的频道会自动出现按钮；服务器成员也可以直接给机器人发私信。',
    ],
    fields: {
      token: { title: '机器人令牌', problem: '请填写机器人令牌，不含空格。' },
      directMessages: { title: '私信', description: '与机器人同在一个服务器的人可以直接给它发私信。' },
      supportChannels: {
        title: '支持频道',
        description:
          '服务器中的频道和论坛：[{"id": "1100000000000000001", "open": "button"}]。open可为button（开启私密子区）、mention、forumPost或everyMessage（开启子区）。省略时为button，论坛为forumPost。',
        problem: '每项需要频道ID（15至20位数字），open只能是button、mention、forumPost或everyMessage。',
      },
      staffRoles: {
        ...ids,
        title: '员工身份组',
        description: '每行一个ID。这些成员在支持子区里写的内容算作你们的回复。',
      },
      ignoreRoles: { ...ids, title: '忽略的身份组', description: '每行一个ID。不为这些成员服务。' },
      apiUrl: { title: 'API地址' },
      gatewayUrl: { title: '网关地址', description: '留空则使用API给出的地址。' },
      publicKey: {
        title: '公钥',
        description: '仅当应用设置了“Interactions Endpoint URL”时需要，该地址为PUBLIC_URL下的/hooks/加本收件箱编号。',
        problem: '应为应用的公钥，64位数字或字母a至f。',
      },
    },
  },
}
