// What a browser loads for a call, compressed. Counted on what was built.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}

const kOut = process.env.SIGNALD_WEB_OUT ?? 'dist';
const kManifest = join(kOut, '.vite/manifest.json');

// A chunk and everything that it imports.
function closure(manifest: Record<string, Chunk>, names: string[]): { scripts: Set<string>; styles: Set<string> } {
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const waiting = [...names];
  const seen = new Set<string>();
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (seen.has(name)) continue;
    seen.add(name);
    const chunk = manifest[name]!;
    scripts.add(chunk.file);
    for (const file of chunk.css ?? []) styles.add(file);
    waiting.push(...(chunk.imports ?? []));
  }
  return { scripts, styles };
}

const kilobytes = (files: Set<string>) => [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(kOut, file))).length, 0) / 1000;

// Where a built page is named there must be one.
describe.skipIf(!process.env.SIGNALD_WEB_OUT && !existsSync(kManifest))('the call page', () => {
  const manifest = existsSync(kManifest) ? (JSON.parse(readFileSync(kManifest, 'utf8')) as Record<string, Chunk>) : {};
  // In German, whose words are longer; a direct call loads store and view by themselves.
  const wanted = ['index.html', 'src/pages/meeting.tsx', 'src/locales/de.json'];

  it('loads at most 60 KB of JavaScript', () => {
    expect(kilobytes(closure(manifest, wanted).scripts)).toBeLessThanOrEqual(60);
  });

  it('loads at most 15 KB of style', () => {
    expect(kilobytes(closure(manifest, wanted).styles)).toBeLessThanOrEqual(15);
  });

  it('has every file a second time, compressed', () => {
    for (const file of closure(manifest, wanted).scripts) {
      expect(existsSync(join(kOut, `${file}.br`))).toBe(true);
      expect(existsSync(join(kOut, `${file}.gz`))).toBe(true);
    }
  });
});
