/**
 * Both, each to its end, also where the other fails; what the second says goes before what the first does.
 *
 * @example
 * await together(Promise.resolve(1), Promise.resolve("a")); // [1, "a"]
 */
export async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (b.status === "rejected") throw b.reason;
  if (a.status === "rejected") throw a.reason;
  return [a.value, b.value];
}
