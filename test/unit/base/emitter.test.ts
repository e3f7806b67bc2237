import assert from 'node:assert/strict';
import { Disposables } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';

describe('Emitter', () => {
  it('reaches every listener although one throws, and reports what it threw', () => {
    const errors: unknown[] = [];
    const heard: string[] = [];
    const emitter = new Emitter<string>((error) => errors.push(error));
    emitter.on(() => {
      throw new Error('broken listener');
    });
    emitter.on((value) => heard.push(value));
    emitter.fire('fact');
    assert.deepEqual(heard, ['fact']);
    assert.match(String(errors[0]), /broken listener/);
  });

  it('says nothing to a listener that left', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const listening = emitter.on((value) => heard.push(value));
    listening.dispose();
    emitter.fire('fact');
    assert.deepEqual(heard, []);
  });
});

describe('Disposables', () => {
  it('releases in reverse order, once', () => {
    const released: string[] = [];
    const all = new Disposables();
    all.add({ dispose: () => released.push('first') });
    all.add({ dispose: () => released.push('second') });
    all.dispose();
    all.dispose();
    assert.deepEqual(released, ['second', 'first']);
  });
});
