// What one of us sends to each of the others: a mesh shares our uplink, so the more there are, the less each gets.
export interface Rung {
  height: number;
  maxBitrate: number; // bit/s
  maxFramerate: number;
}

const kRungs: { upTo: number; rung: Rung }[] = [
  { upTo: 1, rung: { height: 720, maxBitrate: 1_500_000, maxFramerate: 30 } },
  { upTo: 3, rung: { height: 480, maxBitrate: 700_000, maxFramerate: 30 } },
  { upTo: 5, rung: { height: 360, maxBitrate: 350_000, maxFramerate: 24 } },
  { upTo: Infinity, rung: { height: 240, maxBitrate: 180_000, maxFramerate: 15 } },
];
const kScreen: Rung = { height: 1080, maxBitrate: 2_500_000, maxFramerate: 15 };

// From here on only those who speak send their camera.
export const kMostCameras = 6;

export function cameraRung(peers: number): Rung {
  return kRungs.find((step) => peers <= step.upTo)!.rung;
}

export function screenRung(peers: number): Rung {
  return { ...kScreen, maxBitrate: Math.max(400_000, Math.round(kScreen.maxBitrate / Math.max(1, peers))) };
}

// How much of its rung a connection gets, from the loss its receiver reports: down fast, up slowly.
export class Share {
  value = 1;
  private good = 0;

  observe(lossPct: number): number {
    if (lossPct > 10) {
      this.value = Math.max(0.1, this.value * 0.6);
      this.good = 0;
    } else if (lossPct > 4) {
      this.value = Math.max(0.1, this.value * 0.85);
      this.good = 0;
    } else if (lossPct < 2 && ++this.good >= 3) {
      this.value = Math.min(1, this.value * 1.15);
    }
    return this.value;
  }
}

export interface Encoding {
  active: boolean;
  maxBitrate: number;
  maxFramerate: number;
  scaleResolutionDownBy: number;
}

// The encoding for a track of this height. With half of the bits or less the picture gets smaller too: sharp and small
// looks better than large and smeared.
export function encodingFor(rung: Rung, trackHeight: number, share: number, active: boolean): Encoding {
  const height = share < 0.25 ? rung.height / 2 : share < 0.5 ? rung.height * 0.75 : rung.height;
  return {
    active,
    maxBitrate: Math.round(rung.maxBitrate * share),
    maxFramerate: share < 0.25 ? Math.min(15, rung.maxFramerate) : rung.maxFramerate,
    scaleResolutionDownBy: trackHeight > height ? Math.round((trackHeight / height) * 100) / 100 : 1,
  };
}
