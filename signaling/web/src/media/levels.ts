// How loud a track is, 0 to 1, ten times a second.
let context: AudioContext | null = null;

export function audioContext(): AudioContext {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => {});
  return context;
}

// Calls back until the returned function is called. The track is cloned: a mute does not deafen the meter's caller, who
// may want to say "you are muted but speaking".
export function meter(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const clone = track.clone();
  clone.enabled = true;
  const audio = audioContext();
  const source = audio.createMediaStreamSource(new MediaStream([clone]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    // From -60 dB, a quiet room, to -10 dB, speaking close by.
    onLevel(Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 50)));
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
    clone.stop();
  };
}

// A short rising tone: the speaker test, and the signal that somebody wants to come in.
export function chime(sink?: string, notes = [523, 659, 784]): Promise<void> {
  const audio = new AudioContext();
  const ready = sink && 'setSinkId' in audio ? (audio as unknown as { setSinkId(id: string): Promise<void> }).setSinkId(sink).catch(() => {}) : Promise.resolve();
  return ready.then(
    () =>
      new Promise((resolve) => {
        notes.forEach((frequency, index) => {
          const tone = audio.createOscillator();
          const volume = audio.createGain();
          const start = audio.currentTime + index * 0.14;
          tone.frequency.value = frequency;
          volume.gain.setValueAtTime(0, start);
          volume.gain.linearRampToValueAtTime(0.18, start + 0.02);
          volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
          tone.connect(volume).connect(audio.destination);
          tone.start(start);
          tone.stop(start + 0.32);
        });
        setTimeout(() => void audio.close().then(resolve), notes.length * 140 + 400);
      }),
  );
}
