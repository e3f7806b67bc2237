/** The editor's API as a value: editor code receives it, so that a behaving fake can drive it in plain Node. */
export type VsCode = typeof import('vscode');
