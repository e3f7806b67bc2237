/** The first answer that is something: no `undefined`, no empty list. For what another process decides the moment of. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    const isEmpty = found === undefined || (Array.isArray(found) && found.length === 0);
    if (!isEmpty) return found;
    if (performance.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
