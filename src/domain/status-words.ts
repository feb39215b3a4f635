/** Whole messages that ask how far somebody's requests are, typed where the platform knows no commands, and in letters. */
const status: ReadonlySet<string> = new Set([
  ...['status', 'my status', 'case status', 'ticket status', 'request status'],
  ...['状态', '狀態', '进度', '進度', '查询状态', '查询进度', '查看进度', '查進度', '排队', '排到第几了'],
  ...['ステータス', '状況', '進捗', '状況確認', '順番'],
  ...['상태', '상황', '진행 상황', '진행상황', '진행 상태', '대기 순서', '순번'],
  ...['статус', 'мой статус', 'статус обращения', 'статус заявки', 'моя очередь'],
])

export function asksStatus(bareText: string): boolean {
  return status.has(bareText)
}
