import assert from 'node:assert/strict';
import { secretForms } from '../../../src/base/secretForms';

describe('the forms of a secret', () => {
  const secret = 'sk-"Zürich"/+&?key~>0123456789';
  const clean = (text: string) =>
    secretForms(secret).reduce((rest, form) => rest.replaceAll(form, '#'), text);

  it('cover how it stands in texts, JSON, addresses and hex', () => {
    const bytes = Buffer.from(secret);
    assert.equal(clean(`a ${secret} b`), 'a # b');
    assert.equal(clean(JSON.stringify({ key: secret })), '{"key":"#"}');
    assert.equal(clean(`https://x/?k=${encodeURIComponent(secret)}&l`), 'https://x/?k=#&l');
    assert.equal(clean(bytes.toString('hex')), '#');
    assert.equal(clean(bytes.toString('hex').toUpperCase()), '#');
  });

  for (const before of ['', 'u', 'us', 'use', 'user:']) {
    for (const kind of ['base64', 'base64url'] as const) {
      it(`cover ${kind} with ${JSON.stringify(before)} before it and more after it`, () => {
        const text = clean(Buffer.from(`${before}${secret}@host`).toString(kind));
        assert.match(text, /^[\w+/-]*#[\w+/=-]*$/);
        const left = Buffer.from(text.replace('#', ''), 'base64').toString('latin1');
        assert.ok(!left.includes('0123') && !left.includes('rich'), left);
      });
    }
  }

  it('leave out what would stand in innocent texts by chance', () => {
    for (const form of secretForms('abcd')) assert.ok(form.length >= 4, form);
  });
});
