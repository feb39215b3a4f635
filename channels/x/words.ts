import type { ChannelWords } from '../../src/channel/words.ts'
import { closed } from './capabilities.ts'

export const instructions = [
  'At console.x.com create a project with an app, and add credit: reading and sending are paid for by use.',
  'In the app’s settings for user authentication choose “Read and write and Direct message”. Do this first: tokens made before do not have it.',
  'Under Keys and tokens copy the API key and its secret, then generate an access token with its secret for your own account.',
  'Enter all four below and press Test. In X’s own settings allow direct messages from everyone, so that customers can write.',
  'To be called by X instead of asking (webhook): add OAuth 2 with the scopes tweet.read, tweet.write, users.read, dm.read, ' +
    'dm.write, media.write and offline.access, and enter client ID, client secret and refresh token as well.',
]

const together = '需与其他几项一起填写。'

export const translations: Readonly<Record<string, ChannelWords>> = {
  zh: {
    name: 'X（推特）',
    instructions: [
      '在console.x.com创建项目和应用，并充值：读取和发送均按用量计费。',
      '在应用的用户身份验证设置中选择“Read and write and Direct message”。请先完成此步：此前生成的令牌没有该权限。',
      '在“Keys and tokens”中复制API密钥及其密文，再为自己的账号生成访问令牌及其密文。',
      '在下方填写这四项并点击测试。在X的设置中允许所有人发来私信，客户才能写信。',
      '如需由X主动通知（Webhook）：再配置OAuth 2，权限范围为tweet.read、tweet.write、users.read、dm.read、dm.write、media.write和offline.access，并填写客户端ID、客户端密钥和刷新令牌。',
    ],
    said: {
      'direct messages': '私信',
      'public answers': '公开回复',
      [closed['encrypted'] ?? '']: '此对话已加密，请在X应用中回复。',
      [closed['unasked'] ?? '']: 'X只允许应用回复提及或引用了本账号的帖子。请在X应用中回复这一条。',
      'No {} can be sent. X does not allow this to your app’s plan or permissions ({}). Change the plan at console.x.com.':
        '无法发送{}：X不允许您的应用套餐或权限执行此操作（{}）。请在console.x.com更换套餐。',
      'No {} come in. X does not allow this to your app’s plan or permissions ({}). Change the plan at console.x.com.':
        '无法接收{}：X不允许您的应用套餐或权限执行此操作（{}）。请在console.x.com更换套餐。',
      'The X account has no credit left. Add credit in the developer console (console.x.com, Billing).':
        'X账号余额已用完。请在开发者后台（console.x.com的Billing）充值。',
      'X allows no more looks at {} until {} UTC; then the rest follows. {}':
        'X暂不允许再查询{}（至UTC {}），之后会继续接收。{}',
      mentions: '提及',
      'X keeps direct messages for 30 days.': 'X保留私信30天。',
      'X shows the newest 800 mentions.': 'X显示最新的800条提及。',
    },
    fields: {
      apiKey: {
        title: 'API密钥',
        description: '也称Consumer key，属于应用。',
        problem: '请填写四项API信息，或填写OAuth 2。',
      },
      apiSecret: { title: 'API密钥密文', problem: together },
      accessToken: { title: '访问令牌', problem: together },
      accessSecret: { title: '访问令牌密文', problem: together },
      clientId: {
        title: 'OAuth 2客户端ID',
        description: '可代替访问令牌；使用Webhook时两者都要填写。',
        problem: together,
      },
      clientSecret: { title: 'OAuth 2客户端密钥', description: '公开客户端留空。' },
      refreshToken: {
        title: 'OAuth 2刷新令牌',
        description: '只能使用一次，每次使用后更换：请直接保存，不要先点击测试，否则会用掉它。',
        problem: together,
      },
      receive: {
        title: '接收方式',
        options: { polling: '每分钟向X查询一次', webhook: '由X通知（Webhook）' },
        description: 'Webhook需要公开的HTTPS地址、API密钥和OAuth 2。',
      },
      directMessages: { title: '私信', problem: '私信和提及至少开启一项。' },
      mentions: { title: '提及和回复', description: '回复是公开的。' },
      pollSeconds: { title: '查询间隔（秒）', description: 'X允许每分钟查询一次私信。' },
      apiUrl: { title: 'X API地址' },
    },
  },
}
