/** Does something for each item, so many at once, and gives what came of each in the order of the items. */
export async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  doOne: (item: T) => Promise<R> | R,
): Promise<readonly R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of left) results[i] = await doOne(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
