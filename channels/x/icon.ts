export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
  'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><path d="M4 4h4.2L20 20h-4.2Z"/>' +
  '<path d="m4.5 20 6.2-6.9M19.5 4l-6.2 6.9"/></svg>'
