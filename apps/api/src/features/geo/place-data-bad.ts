/** A file is not the place data it should be. The message says why, for the administrator. */
export class PlaceDataBad extends Error {
  override readonly name = 'PlaceDataBad';
}
