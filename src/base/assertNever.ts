/** Ends an exhaustive switch: the compiler rejects a missing case, and a value from outside that slipped through is named. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
