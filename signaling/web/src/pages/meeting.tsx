// A meeting from the link to the end: before joining, waiting, the call, after it.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { http } from '../app/http';
import { account } from '../app/session';
import { Call } from '../meeting/view';
import { Over } from '../meeting/over';
import { Prejoin } from '../meeting/prejoin';
import { Meeting } from '../meeting/store';
import { WaitingRoom } from '../meeting/waiting';

export default function MeetingPage({ params }: { params: string[] }) {
  const id = params[0]!.trim();
  const [stay, setStay] = useState(0);
  const [title, setTitle] = useState<string | null>(null);
  const meeting = useMemo(() => new Meeting(id), [id, stay]);
  useEffect(() => {
    void meeting.prepare();
    return () => meeting.dispose();
  }, [meeting]);
  useEffect(() => {
    // Strangers learn the title when they are in.
    if (account.value) http.get<{ title: string }>(`/api/meeting/detail/${encodeURIComponent(id)}/`).then((found) => setTitle(found.title), () => {});
  }, [id, account.value]);
  const phase = meeting.phase.value;
  if (phase.name === 'joined' && meeting.state.value) return <Call meeting={meeting} />;
  if (phase.name === 'waiting') return <WaitingRoom meeting={meeting} waiting={phase.waiting} />;
  if (phase.name === 'over') return <Over reason={phase.reason} message={phase.message} again={() => setStay((n) => n + 1)} />;
  return <Prejoin meeting={meeting} title={title} />;
}
