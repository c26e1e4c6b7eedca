// Everything that can be set about a meeting for later: when it is made, and when it is changed.
import { useState } from 'preact/hooks';
import { addresses, addressProblem } from '../app/addresses';
import { errorText, t, type Key } from '../app/i18n';
import { HttpError } from '../app/http';
import { kOptions, type MeetingFields, type Options } from '../app/meeting_fields';
import { Button, Choice, Field, Problem, Switch } from './controls';

const kDurations = ['15', '30', '45', '60', '90', '120'];

// What was set elsewhere stays a choice.
function durations(own: string) {
  const values = kDurations.includes(own) ? kDurations : [...kDurations, own].sort((a, b) => Number(a) - Number(b));
  return values.map((value) => ({ value, label: value ? t('schedule.minutes', { n: value }) : t('schedule.open') }));
}

const choice = (name: string, values: string[]) => values.map((value) => ({ value, label: t(`schedule.${name}.${value}` as Key) }));

// `save` gets the addresses to invite where `hasInvites` asks for them.
export function MeetingForm({ initial, label, hasInvites, save }: {
  initial: MeetingFields; label: string; hasInvites?: boolean; save: (fields: MeetingFields, invites: string[]) => Promise<void>;
}) {
  const [fields, setFields] = useState(initial);
  const [invites, setInvites] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [wrong, setWrong] = useState<Record<string, string[]>>({});
  const [busy, setBusy] = useState(false);
  const set = (name: keyof MeetingFields) => (value: string) => setFields((now) => ({ ...now, [name]: value }));
  const submit = async (event: Event) => {
    event.preventDefault();
    const noAddress = addressProblem(invites);
    setProblem(noAddress);
    setWrong(noAddress ? { invites: [noAddress] } : {});
    if (noAddress) return;
    setBusy(true);
    try {
      await save(fields, addresses(invites));
    } catch (error) {
      if (error instanceof HttpError) setWrong(error.fields);
      setProblem(errorText(error));
    }
    setBusy(false);
  };
  return (
    <form class="card" onSubmit={(event) => void submit(event)}>
      <Field label={t('schedule.name')} value={fields.title} onInput={set('title')} maxLength={200} placeholder={t('schedule.namePlaceholder')} error={wrong.title?.[0]} />
      <div class="two">
        <Field label={t('schedule.when')} type="datetime-local" value={fields.when} onInput={set('when')} required error={wrong.scheduled_time?.[0]} />
        <Choice label={t('schedule.duration')} value={fields.duration} onChange={set('duration')} options={durations(initial.duration)} />
        <Choice label={t('schedule.type')} value={fields.type} onChange={set('type')} options={choice('type', ['scheduled', 'lecture'])} />
        <Choice label={t('schedule.access')} value={fields.access} onChange={set('access')} options={choice('access', ['public', 'approval_required', 'private'])} />
        <Field label={t('schedule.password')} value={fields.password} onInput={set('password')} maxLength={20} hint={t('schedule.passwordHint')} error={wrong.password?.[0]} />
        <Field label={t('schedule.most')} type="number" value={fields.most} onInput={set('most')} min="2" error={wrong.max_participants?.[0]} />
      </div>
      <Field label={t('schedule.description')} value={fields.description} onInput={set('description')} rows={3} maxLength={4000} error={wrong.description?.[0]} />
      {hasInvites && <Field label={t('schedule.invites')} value={invites} onInput={setInvites} rows={2} hint={t('schedule.invitesHint')} error={wrong.invites?.[0]} />}
      <fieldset>
        <legend>{t('schedule.options')}</legend>
        {(Object.keys(kOptions) as (keyof Options)[]).map((key) => (
          <Switch key={key} label={t(`schedule.${key}` as Key)} on={fields.options[key]} onChange={(on) => setFields((now) => ({ ...now, options: { ...now.options, [key]: on } }))} />
        ))}
      </fieldset>
      <Problem text={problem} />
      <Button type="submit" kind="primary" class="large" busy={busy}>{label}</Button>
    </form>
  );
}
