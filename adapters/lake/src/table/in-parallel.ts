/** Applies an asynchronous function to all values, some at a time; results are in the order of the values. */
export async function inParallel<T, R>(
  values: readonly T[],
  act: (value: T) => Promise<R>,
  width = 16,
): Promise<readonly R[]> {
  const results: R[] = new Array<R>(values.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const index = next;
      next += 1;
      const value = values[index];
      if (index >= values.length || value === undefined) return;
      results[index] = await act(value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, work));
  return results;
}
