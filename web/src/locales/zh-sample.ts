export const sample = {
  sample: {
    action: '用示例数据看一看',
    lead: 'Northstar 是一家虚构的交易所：有人员、规则、文章和五种语言的二十个会话。不会向任何人发送消息，随时可以删除。',
    loading: '正在加载，需要几秒钟。',
    remove: '删除示例数据',
    removeAsk:
      'Northstar 的所有内容都会删除，包括你改动过的：它的收件箱及其中的全部会话、人员、团队、规则和文章。你自己创建的内容会保留。此操作无法撤销。',
    removeLead: 'Northstar 并不存在。在你自己的客户到来之前请先删除。',
    title: '示例数据',
  },
}
