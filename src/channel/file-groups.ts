import type { OutboundFile } from './contract.ts'

/** In order, as many in each as one message may carry, where a size limit holds for all of them together. */
export function fileGroups(files: readonly OutboundFile[], most: number, maxBytes: number): OutboundFile[][] {
  const result: OutboundFile[][] = []
  let bytes = 0
  for (const file of files) {
    const group = result.at(-1)
    bytes += file.size
    if (group && group.length < most && bytes <= maxBytes) group.push(file)
    else {
      result.push([file])
      bytes = file.size
    }
  }
  return result
}
