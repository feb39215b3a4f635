export const people = {
  accounts: {
    code: '验证码',
    codeHelp: '只能用一次，{{time}}前有效。',
    how: '用你平时回复客户的账号，给客户联系的机器人或账号发私信，内容只写这个验证码。请勿告诉任何人：谁发送它，谁就能以你的名义回复。',
    lead: '用自己的账号在Telegram、Discord或X里回复客户：你在那里写给客户的话就算你的回复。单独写给机器人的内容，这里没有人会看到。',
    link: '关联账号',
    none: '还没有关联账号。',
    since: '{{channel}} · {{time}}起',
    title: '你自己的账号',
    unlink: '取消关联',
    unlinkSure: '之后{{name}}写的内容会当作客户消息。',
  },
  samePerson: {
    because: {
      code: '客户发来了验证码',
      email: '邮箱地址相同',
      signed: '是你网站的同一位客户',
    },
    merged: '{{by}}把这位客户与{{name}}合并为一人',
    mergedBecause: '{{by}}把这位客户与{{name}}合并为一人：{{because}}',
    other: '另一个账号',
    unmerged: '{{by}}把合并的客户重新分开',
  },
}
