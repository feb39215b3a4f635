export const progress = {
  progress: {
    open: '进度页面…',
    title: '进度页面',
    help: '持有此网址的人无需登录即可查看本会话的进展：状态、消息和文件，不包括备注。会话结束一段时间后，页面会失效。',
    make: '生成网址',
    address: '网址',
    once: '只在此时显示一次。',
    none: '还没有生成过网址。',
    impossible: '这里没有进度页面：有其他人可以看到会话，或此收件箱未启用。',
    byUs: '随编号一起发送',
    by: '由{{name}}生成',
    revoke: '撤销',
    revoked: '已撤销',
    somebody: '某人',
  },
}
