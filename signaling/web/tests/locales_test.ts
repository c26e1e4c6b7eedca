// Every language says everything, with the same values in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const kFolder = join(__dirname, '../src/locales');
const read = (name: string) => JSON.parse(readFileSync(join(kFolder, name), 'utf8')) as Record<string, string>;
const english = read('en.json');
const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();
const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : /\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : []));

describe.each(readdirSync(kFolder).filter((name) => name !== 'en.json'))('%s', (name) => {
  const words = read(name);

  it('has the keys of English and no others', () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
  });

  it('uses the same values', () => {
    for (const [key, text] of Object.entries(words)) expect([key, values(text)]).toEqual([key, values(english[key]!)]);
  });
});

describe('English', () => {
  it('has no key that nobody uses', () => {
    const code = sources(join(__dirname, '../src')).map((file) => readFileSync(file, 'utf8')).join('\n');
    // Some keys are put together: their beginning is in the code.
    const used = (key: string) => code.includes(`'${key}'`) || key.split('.').some((_, index, parts) => index > 0 && code.includes(`${parts.slice(0, index).join('.')}.$`));
    const counted = (key: string) => /\.(one|other)$/.test(key) && code.includes(`count('${key.replace(/\.\w+$/, '')}'`);
    expect(Object.keys(english).filter((key) => !used(key) && !counted(key) && !/^(error|over|overHint|check)\./.test(key))).toEqual([]);
  });

  it('keeps the names that tests and assistive technology rely on', () => {
    const fixed = {
      'start.name': 'Your name', 'start.new': 'New meeting', 'start.code': 'Meeting code or link', 'start.join': 'Join', 'auth.signIn': 'Sign in', 'start.schedule': 'Schedule',
      'start.lobby': 'Lobby', 'start.check': 'Check connection', 'settings.title': 'Settings', 'auth.email': 'E-mail', 'auth.password': 'Password', 'auth.name': 'Name',
      'auth.create': 'Create account', 'prejoin.preview': 'Preview', 'prejoin.microphone': 'Microphone', 'prejoin.camera': 'Camera', 'devices.microphone': 'Microphone device',
      'devices.camera': 'Camera device', 'devices.speaker': 'Speaker device', 'devices.relayOnly': 'Relay only', 'prejoin.password': 'Meeting password', 'prejoin.join': 'Join now',
      'waiting.title': 'Waiting for the host', 'call.leave': 'Leave', 'tile.you': '{name} (you)', 'tile.details': 'Details of {name}', 'call.mute': 'Mute', 'call.unmute': 'Unmute',
      'call.stopCamera': 'Stop camera', 'call.startCamera': 'Start camera', 'call.share': 'Share screen', 'call.stopSharing': 'Stop sharing', 'call.raiseHand': 'Raise hand',
      'call.lowerHand': 'Lower hand', 'call.react': 'React', 'call.chat': 'Chat', 'call.people': 'People', 'call.layout': 'Layout', 'call.record': 'Record',
      'call.stopRecording': 'Stop recording', 'call.end': 'End meeting', 'chat.messages': 'Messages', 'chat.message': 'Message', 'chat.send': 'Send', 'people.admit': 'Admit {name}',
      'people.deny': 'Deny {name}', 'people.mute': 'Mute {name}', 'people.remove': 'Remove {name}', 'people.makeCoHost': 'Make co-host {name}', 'people.lock': 'Lock meeting',
      'people.waitingRoom': 'Waiting room', 'people.admitAll': 'Admit all', 'lobby.online': 'Online', 'lobby.call': 'Call {name}', 'calls.accept': 'Accept', 'calls.decline': 'Decline',
      'call.hangUp': 'Hang up', 'check.start': 'Start check', 'check.results': 'Results', 'check.copy': 'Copy report',
    };
    expect(english).toMatchObject(fixed);
  });
});
