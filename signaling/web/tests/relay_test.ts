// What administrators read about the relays.
import { describe, expect, it } from 'vitest';
import { bytes, userOf, verdict } from '../src/pages/relay_text';

describe('the relay page', () => {
  it('says one thing about all relays together', () => {
    expect(verdict([])).toBe('none');
    expect(verdict([{ state: 'ready' }, { state: 'ready' }])).toBe('ready');
    expect(verdict([{ state: 'draining' }])).toBe('draining');
    expect(verdict([{ state: 'ready' }, { state: 'draining' }])).toBe('some');
    expect(verdict([{ state: 'unwatched' }, { state: 'unreachable' }])).toBe('some');
    expect(verdict([{ state: 'draining' }, { state: 'unreachable' }])).toBe('draining');
  });

  it('names the user of an ephemeral credential, and a static one as it is', () => {
    expect(userOf('1700003600:7')).toBe('7');
    expect(userOf('1700003600:g:Anna')).toBe('g:Anna');
    expect(userOf('1700003600')).toBe('1700003600');
    expect(userOf('alice')).toBe('alice');
  });

  it.each([[0, '0 B'], [999, '999 B'], [1_000, '1.0 kB'], [123_456, '123 kB'], [5_400_000_000, '5.4 GB']])('writes %d as %s', (n, text) => {
    expect(bytes(n)).toBe(text);
  });
});
