/**
 * The ways a secret is written in what programs and services say: as it is, inside JSON, in addresses, as hex, and in
 * base64, alone or in the middle of something longer (`user:secret`), where three different texts can stand for it.
 * Longest first, so that no part of one is taken out before the whole. Source: law L6 of the threat model.
 */
export function secretForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const coded = [0, 1, 2].map((before) => middleOf(bytes, before)).filter((text) => text.length >= 8);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const forms = [
    ...[secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), hex, hex.toUpperCase()],
    ...coded,
    ...coded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** The letters of base64 that depend on nothing but these bytes, where so many others stand before them. */
function middleOf(bytes: Uint8Array, before: number): string {
  const all = String.fromCharCode(...new Uint8Array(before), ...bytes);
  const whole = btoa(all).replace(/=+$/, '');
  const first = Math.ceil((before * 8) / 6);
  return whole.slice(first, Math.floor((all.length * 8) / 6));
}
