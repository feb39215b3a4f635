import type { ChannelWords } from '../../src/channel/words.ts'

const encryption = {
  title: '加密方式',
  options: { tls: 'TLS', starttls: 'STARTTLS', none: '不加密' },
  description: 'TLS：连接即加密。STARTTLS：连接后升级为加密，且必须成功。不加密：仅用于本机。',
}

export const translations: Readonly<Record<string, ChannelWords>> = {
  zh: {
    name: '电子邮件',
    instructions: [
      '填写客户写信的地址，以及显示在地址前的名称。',
      '填写邮箱服务商的IMAP服务器、用户名和密码，以及已发送邮件的文件夹（通常为“Sent”）。',
      '填写邮箱服务商的SMTP服务器、用户名和密码。',
      'Gmail：先开启两步验证，再生成应用专用密码；使用imap.gmail.com 993（TLS）和smtp.gmail.com 587（STARTTLS）。',
      'Microsoft 365：不接受密码。请注册应用，并在“OAuth 2”中填写客户端ID、密钥、刷新令牌和令牌地址。',
      '如果不经邮箱直接接收邮件，请选择“由其他服务器直接投递”：填写监听地址，并让域名的MX记录指向它。',
    ],
    fields: {
      address: {
        title: '邮件地址',
        description: '客户向它写信，回复也由它发出。',
        problem: '格式应为support@example.com。',
      },
      name: {
        title: '发件人名称',
        description: '显示在地址前，例如公司名称；客服回复时显示为“客服名称（公司名称）”的形式。',
      },
      receive: {
        title: '接收方式',
        options: { imap: '从邮箱读取（IMAP）', smtp: '由其他服务器直接投递（SMTP）' },
      },
      imap: { title: '读取邮件（IMAP）' },
      'imap.host': { title: 'IMAP服务器' },
      'imap.port': { title: '端口' },
      'imap.security': encryption,
      'imap.user': { title: '用户名' },
      'imap.password': { title: '密码' },
      'imap.mailbox': { title: '读取的文件夹' },
      'imap.sent': {
        title: '已发送邮件的文件夹',
        description: '例如“Sent”。回复会存入其中；你在其他邮件程序里发出的回复也会显示在这里。',
      },
      listen: { title: '直接接收（SMTP）' },
      'listen.host': { title: '监听地址' },
      'listen.port': { title: '端口' },
      'listen.cert': { title: '证书（PEM）', description: '与密钥一起填写后支持STARTTLS。' },
      'listen.key': { title: '证书密钥（PEM）' },
      smtp: { title: '发送邮件（SMTP）' },
      'smtp.host': { title: 'SMTP服务器' },
      'smtp.port': { title: '端口' },
      'smtp.security': encryption,
      'smtp.user': { title: '用户名', description: '留空表示服务器不要求登录。' },
      'smtp.password': { title: '密码' },
      oauth2: {
        title: 'OAuth 2授权',
        description: '代替密码，Google和Microsoft要求使用。凡是没有密码的用户名都会用它。',
      },
      'oauth2.clientId': { title: '客户端ID' },
      'oauth2.clientSecret': { title: '客户端密钥' },
      'oauth2.refreshToken': { title: '刷新令牌' },
      'oauth2.tokenUrl': { title: '令牌地址', description: '例如https://oauth2.googleapis.com/token。' },
      signature: { title: '签名', description: '附在每封回复下方。{name}会替换为客户看到的客服名称。' },
      authservId: {
        title: '负责验证的邮件服务器名称',
        description:
          '即Authentication-Results开头的名称；其他服务器写的结果一律不采信。直接接收时，只采信来自下列服务器的邮件；其他邮件由本系统自行验证。',
      },
      relays: {
        title: '向本系统转发邮件的服务器',
        description: '每行填写一个地址或网段，例如192.0.2.7或192.0.2.0/24。来自这些地址的连接视为你自己的服务器。',
        problem: '格式应为192.0.2.7或192.0.2.0/24。',
      },
      plusAddresses: {
        title: '带加号的地址',
        description: '发往 名称+任意内容@ 的邮件会到达此邮箱。关闭后，只凭邮件头识别回复和退信。',
      },
      subjectJoins: {
        title: '按主题归并',
        description: '没有引用任何邮件的来信，会并入同一个人一周内相同主题的对话。',
      },
      dkim: { title: '签名验证（DKIM）', description: '仅在你的邮件服务器不签名时填写。' },
      'dkim.domain': { title: '域名' },
      'dkim.selector': { title: '选择器' },
      'dkim.privateKey': { title: '私钥（PEM）' },
    },
  },
}
