// A video element that shows a track, and an audio element that plays one.
import { useEffect, useRef } from 'preact/hooks';
import { speaker } from '../app/settings';

export function Picture(props: { track: MediaStreamTrack | null; mirrored?: boolean; fit?: 'cover' | 'contain'; label?: string; hidden?: boolean }) {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current!;
    video.srcObject = props.track ? new MediaStream([props.track]) : null;
    if (props.track) void video.play().catch(() => {});
  }, [props.track]);
  return (
    <video
      ref={ref} class={`picture ${props.mirrored ? 'mirrored' : ''} ${props.fit ?? 'cover'} ${props.hidden ? 'dark' : ''}`}
      aria-label={props.label} autoplay playsInline muted
    />
  );
}

// Sound comes from here alone, so that it goes on whatever the page shows.
export function Sound({ track }: { track: MediaStreamTrack }) {
  const ref = useRef<HTMLAudioElement>(null);
  const sink = speaker.value?.id;
  useEffect(() => {
    const audio = ref.current!;
    audio.srcObject = new MediaStream([track]);
    void audio.play().catch(() => {
      // No gesture yet: the next one starts it.
      addEventListener('pointerdown', () => void audio.play().catch(() => {}), { once: true });
    });
  }, [track]);
  useEffect(() => {
    const audio = ref.current as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };
    if (sink !== undefined) void audio.setSinkId?.(sink).catch(() => {});
  }, [sink]);
  return <audio ref={ref} autoplay />;
}
