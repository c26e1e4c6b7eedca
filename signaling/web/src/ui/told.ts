// Shows the refusal of something that was asked for; says whether it was done.
import { errorText } from '../app/i18n';
import { notify } from './controls';

export async function told(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    notify(errorText(error), 'alert');
    return false;
  }
}
