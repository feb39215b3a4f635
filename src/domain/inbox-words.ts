interface Words {
  readonly title: string
  readonly description?: string
  readonly problem?: string
}

/** The settings every inbox has, by language and field; English stands in their schema. */
export const commonWords: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  zh: {
    from: {
      title: '导入起点',
      description: '更早的消息只计数，不导入。今天以前的消息作为历史记录导入。',
      problem: '请填写“now”，或带时区的时间，例如2026-01-31T08:00:00+08:00。',
    },
    reopenHours: {
      title: '重新打开的时限（小时）',
      description: '超过这个时间后，客户的新消息会开始新的会话。',
    },
    privacyUrl: {
      title: '隐私声明的网址',
      description: '客户可在此了解您如何处理他们的数据。发给客户的第一条自动消息会附上它。',
      problem: '请填写以https://或http://开头的网址。',
    },
    retentionDays: { title: '消息保留天数' },
    learn: { title: '可用于生成回复建议' },
    bot: {
      title: '机器人先回答',
      description: '根据帮助中心已发布的文章，仅在私聊中回答。答不了的立即转给人工。',
    },
    remindAfterHours: {
      title: '客户沉默多少小时后提醒',
      description: '已回复但客户没有再说话时，询问一次是否还需要帮助。',
    },
    resolveAfterHours: {
      title: '提醒后多少小时自动解决',
      description: '提醒中会事先说明。无法发送提醒时，不会自动解决。',
    },
    acknowledge: {
      title: '一分钟后自动告知编号',
      description: '一分钟内没有人回复时，告知客户其请求的编号。每个请求只告知一次。',
    },
    news: {
      title: '告知请求的进展',
      description: '轮到谁接待、转由他人处理以及结束时告知客户，仅限允许客户知道的团队。',
    },
    progressDays: {
      title: '进度页面保留天数',
      description: '请求结束后，其进度页面在这段时间内仍可查看。留空则不提供进度页面。',
    },
  },
}
