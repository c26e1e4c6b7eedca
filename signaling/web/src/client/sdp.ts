// The little that is read from descriptions.
const kFingerprint = /^a=fingerprint:(\S+ \S+)/m;

// Whose description it is: every connection has a certificate of its own.
export function fingerprintOf(sdp: string | undefined): string | null {
  return kFingerprint.exec(sdp ?? '')?.[1] ?? null;
}
