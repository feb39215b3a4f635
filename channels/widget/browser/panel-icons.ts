import { icon } from './dom.ts'

export const sendIcon = (): SVGElement => icon('i-send', 'M12 19V5M6 11l6-6 6 6')
export const clipIcon = (): SVGElement =>
  icon(
    'i-clip',
    'M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.5-7.5',
  )
export const fileIcon = (): SVGElement =>
  icon('i-file', 'M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7zM14 3v4h4')
export const downIcon = (): SVGElement => icon('i-down', 'M12 5v14M6 13l6 6 6-6')
export const minimizeIcon = (): SVGElement => icon('i-minimize', 'M6 9l6 6 6-6')
export const alertIcon = (): SVGElement => icon('i-alert', 'M12 8v5M12 16.5v.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z')
export const closeIconSmall = (): SVGElement => icon('i-small', 'M7 7l10 10M17 7L7 17')
export const backIcon = (): SVGElement => icon('i-back', 'M15 6l-6 6 6 6')
export const pageIcon = (): SVGElement => icon('i-page', 'M5 4h14v16H5zM9 9h6M9 13h6')
