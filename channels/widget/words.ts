import type { ChannelWords } from '../../src/channel/words.ts'

export const translations: Readonly<Record<string, ChannelWords>> = {
  zh: {
    name: '网站聊天',
    instructions: [
      '先保存收件箱，然后复制为它生成的代码。',
      '在每个需要聊天窗口的页面上，把代码粘贴到</body>之前。',
      '在“网站”一栏列出你的网址，这样别的网站就无法显示你的聊天窗口。',
      '如果访客会在你的网站登录：准备一个足够长的随机身份密钥，只保存在你的服务器上，' +
        '并为每个页面签发令牌（HS256；包含sub、iat、exp，aud为此收件箱的ID，exp不超过24小时），' +
        '再用Tributary.identify(token)传入。',
    ],
    fields: {
      name: { title: '聊天窗口的标题', description: '显示在聊天窗口顶部，例如公司名称。' },
      greeting: { title: '欢迎语', description: '访客首先看到的话。留空则使用访客语言的简短问候。' },
      availability: { title: '回复时间', description: '例如“每天8点至22点”，显示在标题下方。' },
      liveChat: {
        title: '何时提供在线聊天',
        description: '其他时候会告知访客；访客仍可留言，我们会用邮件回复。',
      },
      'liveChat.hours': { title: '营业时间', description: '营业时间的名称。在此之外，聊天窗口会说明何时恢复。' },
      'liveChat.regions': {
        title: '国家或地区',
        description: '每个两位字母，例如JP。留空则不限。',
        problem: '请填写两位字母，例如JP。',
      },
      'liveChat.regionHeader': {
        title: '包含国家代码的请求头',
        description: '由您的代理服务器设置，并会移除访客自己发送的值，例如CF-IPCountry。',
        problem: '请填写请求头的名称，例如CF-IPCountry。',
      },
      'liveChat.tiers': { title: '客户等级', description: '来自签名身份。留空则不限。' },
      'liveChat.pages': {
        title: '页面',
        description: '网址路径的开头，例如/help。留空则为所有页面。',
        problem: '请以/开头。',
      },
      'liveChat.mostWaiting': {
        title: '等待人数超过多少时关闭',
        description: '超过这个人数后，聊天窗口会说明需要等待更久。',
      },
      origins: {
        title: '网站',
        description: '允许显示聊天窗口的网址，每行一个，例如https://www.example.com。留空则不限网站。',
        problem: '格式应为https://www.example.com或https://*.example.com。',
      },
      continueIn: {
        title: '用于邮件回复的收件箱',
        description:
          '访客可以留下邮箱地址。访客离开后，回复会从这个收件箱以邮件发出，访客也可以直接回信，会话保持不变。',
      },
      identitySecret: {
        title: '身份密钥',
        description: '你的网站用它签名，证明登录的访客是谁。不设置则所有访客都是匿名的。',
      },
    },
  },
}
