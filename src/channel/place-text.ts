interface Spot {
  readonly latitude: number
  readonly longitude: number
}

/** A place as a person would read it out, and where to look at it. */
export function placeText(spot: Spot, ...names: readonly (string | undefined)[]): string {
  const { latitude, longitude } = spot
  const named = names.filter(Boolean).join(' ') || `${latitude}, ${longitude}`
  return `📍 ${named}\nhttps://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
}
