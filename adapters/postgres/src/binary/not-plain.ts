/** A value that is none here, such as an infinite date: the rows are read as text then, where it is a reject with its reason. */
export class NotPlain extends Error {
  override name = "NotPlain";
}
