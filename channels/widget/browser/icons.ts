import { icon } from './dom.ts'

export const launcherIcon = (): SVGElement =>
  icon(
    'bubble',
    'M12 4c5 0 9 3.1 9 7.2s-4 7.3-9 7.3c-.9 0-1.8-.1-2.6-.3L5.2 20.5l.6-3.7C4.1 15.5 3 13.5 3 11.2 3 7.1 7 4 12 4z',
  )
export const closeIcon = (): SVGElement => icon('cross', 'M6 6l12 12M18 6L6 18')
