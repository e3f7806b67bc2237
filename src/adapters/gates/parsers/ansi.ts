/** Removes colours and cursor movements (ECMA-48 control sequences and hyperlinks) that tools print even without a terminal. */
export function withoutAnsi(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '');
}
