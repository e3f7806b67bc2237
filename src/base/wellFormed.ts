/** The text without halves of characters, as cutting leaves them: services refuse requests that hold one. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
