import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';

/** Puts a style around a text, or leaves it as it is where no colour is wanted. */
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

/** @param stream decides: not a terminal, or NO_COLOR (https://no-color.org), means no colour. */
export function paintFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint {
  const wantsColour = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
  return wantsColour ? (style, text) => styleText(style, text, { validateStream: false }) : plainPaint;
}
