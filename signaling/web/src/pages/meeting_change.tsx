// A meeting for later, changed by its host.
import { t } from '../app/i18n';
import { http } from '../app/http';
import { change, fieldsOf, type MeetingDetail, type MeetingFields } from '../app/meeting_fields';
import { isChangeable } from '../app/meetings';
import { Link, navigate } from '../app/router';
import { notify, Problem } from '../ui/controls';
import { Loaded, useLoad } from '../ui/load';
import { MeetingForm } from '../ui/meeting_form';
import { NeedsAccount } from '../ui/needs_account';
import '../styles/pages.css';

function Form({ meeting }: { meeting: MeetingDetail }) {
  const initial = fieldsOf(meeting);
  const save = async (fields: MeetingFields) => {
    await http.patch(`/api/meeting/detail/${meeting.meeting_id}/`, change(initial, fields));
    notify(t('schedule.changed'));
    navigate('/meetings');
  };
  return <MeetingForm initial={initial} label={t('schedule.save')} save={save} />;
}

function Change({ id }: { id: string }) {
  const found = useLoad(() => http.get<MeetingDetail>(`/api/meeting/detail/${encodeURIComponent(id)}/`));
  return (
    <main class="page">
      <h1>{t('schedule.change')}</h1>
      <Loaded of={found}>
        {(meeting) => isChangeable(meeting) ? <Form meeting={meeting} /> : <Problem text={t('schedule.notChangeable')}><Link to="/meetings" class="button plain">{t('shell.meetings')}</Link></Problem>}
      </Loaded>
    </main>
  );
}

export default function MeetingChangePage({ params: [id = ''] }: { params: string[] }) {
  return <NeedsAccount><Change id={id} /></NeedsAccount>;
}
